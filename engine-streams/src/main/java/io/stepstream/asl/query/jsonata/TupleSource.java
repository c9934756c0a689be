package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.JsonNode;
import io.stepstream.asl.query.jsonata.PathExpr.Tuple;
import java.util.List;

/** What can hand values with the names that were bound on the way to them to the path around it. */
interface TupleSource {

    boolean givesTuples();

    List<Tuple> tuples(Evaluation run, JsonNode context, Scope scope);
}
