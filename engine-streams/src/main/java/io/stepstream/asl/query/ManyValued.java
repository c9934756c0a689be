package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;
import com.jayway.jsonpath.Configuration;
import com.jayway.jsonpath.EvaluationListener;
import com.jayway.jsonpath.InvalidPathException;
import com.jayway.jsonpath.JsonPath;
import com.jayway.jsonpath.JsonPathException;
import com.jayway.jsonpath.PathNotFoundException;
import com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider;
import com.jayway.jsonpath.spi.mapper.JacksonMappingProvider;
import io.stepstream.schemas.Json;
import java.util.regex.Pattern;

/**
 * A path with wildcards, slices, unions, filters or {@code ..}, run by the JSONPath library that AWS names too.
 *
 * <p>A stream task evaluates it, so its work must be bounded by counts. Regular expressions and the library's functions
 * are refused ({@code length()} is known), more than two {@code ..} as well, and so is a path that is long or deep (the
 * library is recursive, and a filter costs its length for each value that it sees). A result has at most
 * {@link #MAX_RESULTS} values.
 */
final class ManyValued implements Query {

    static final int MAX_RESULTS = 100_000;
    private static final int MAX_DEEP_SCANS = 2;
    private static final int MAX_LENGTH = 1_024;
    private static final int MAX_NESTING = 16;

    /** Inside quotes anything may stand. */
    private static final Pattern QUOTED =
            Pattern.compile("'(?:[^'\\\\]|\\\\.)*+'|\"(?:[^\"\\\\]|\\\\.)*+\"", Pattern.DOTALL);

    private static final Pattern FUNCTION = Pattern.compile("[A-Za-z_]++\\s*+\\(");

    private static final Configuration CONFIGURATION = Configuration.builder()
            .jsonProvider(new JacksonJsonNodeJsonProvider(Json.shared()))
            .mappingProvider(new JacksonMappingProvider(Json.shared()))
            .build();

    private final JsonPath path;

    private ManyValued(JsonPath path) {
        this.path = path;
    }

    static ManyValued compile(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("Expected a path to many values to have at most " + MAX_LENGTH
                    + " characters, but it has " + text.length());
        }
        var bare = QUOTED.matcher(text).replaceAll("''");
        if (bare.contains("=~")) {
            throw new IllegalArgumentException("Expected a path without regular expressions, but it has '=~': " + text);
        }
        var functions = FUNCTION.matcher(bare);
        while (functions.find()) {
            if (!functions.group().startsWith("length")) {
                throw new IllegalArgumentException("Expected a path without functions, but it is '" + text + "'");
            }
        }
        if (bare.split("\\.\\.", -1).length - 1 > MAX_DEEP_SCANS) {
            throw new IllegalArgumentException(
                    "Expected at most " + MAX_DEEP_SCANS + " '..' in a path, but it is '" + text + "'");
        }
        if (nesting(bare, '[', ']', text) + nesting(bare, '(', ')', text) > MAX_NESTING) {
            throw new IllegalArgumentException(
                    "Expected at most " + MAX_NESTING + " brackets in one another, but it is '" + text + "'");
        }
        try {
            return new ManyValued(JsonPath.compile(text));
        } catch (InvalidPathException | IllegalArgumentException e) {
            throw new IllegalArgumentException("Expected a path, but '" + text + "' is none: " + e.getMessage(), e);
        }
    }

    /** How many of these brackets are open at a time at most. */
    private static int nesting(String bare, char opening, char closing, String text) {
        int open = 0;
        int most = 0;
        for (int at = 0; at < bare.length(); at++) {
            if (bare.charAt(at) == opening) {
                open++;
                most = Math.max(most, open);
            } else if (bare.charAt(at) == closing) {
                open--;
            }
        }
        if (open != 0) {
            throw new IllegalArgumentException(
                    "Expected every bracket of a path to be closed, but it is '" + text + "'");
        }
        return most;
    }

    @Override
    public boolean isWhole() {
        return false;
    }

    @Override
    public Found run(JsonNode document) throws AslFailure {
        var count = new Count();
        Object found;
        try {
            found = path.read(document, CONFIGURATION.addEvaluationListeners(count));
        } catch (PathNotFoundException e) {
            // AWS (recorded): where the list would be is missing, so nothing is in the list
            return path.isDefinite()
                    ? Found.nothing(String.valueOf(e.getMessage()))
                    : Found.of(Json.shared().createArrayNode());
        } catch (JsonPathException e) {
            throw AslFailure.runtime("Invalid path '" + path.getPath() + "' : " + e.getMessage());
        }
        if (count.seen > MAX_RESULTS) {
            throw AslFailure.runtime("Invalid path '" + path.getPath() + "' : more than " + MAX_RESULTS + " results");
        }
        return Found.of(Json.shared().valueToTree(found));
    }

    private static final class Count implements EvaluationListener {
        private int seen;

        @Override
        public EvaluationContinuation resultFound(FoundResult found) {
            seen++;
            return seen > MAX_RESULTS ? EvaluationContinuation.ABORT : EvaluationContinuation.CONTINUE;
        }
    }
}
