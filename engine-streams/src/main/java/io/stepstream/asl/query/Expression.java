package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;

/** A path or an intrinsic function call, compiled: what a field whose name ends in {@code .$} may hold. */
public interface Expression {

    JsonNode evaluate(Env env) throws AslFailure;
}
