package io.stepstream.asl.model;

import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;

/** What a Choice rule asks of its data, compiled. */
public interface Condition {

    /** Whether it holds. A comparison of values of the wrong type is false; a Variable that finds nothing fails. */
    boolean holds(Env env) throws AslFailure;
}
