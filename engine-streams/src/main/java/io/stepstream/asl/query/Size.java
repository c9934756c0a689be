package io.stepstream.asl.query;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * How large a tree would be as text. Trees share their nodes, so that a small template can stand for gigabytes; nothing
 * of that size may reach whoever writes it down.
 */
public final class Size {

    /** In characters: well above the 256 KiB that may pass between states, where the interpreter draws the line. */
    static final int BUDGET = 1024 * 1024;

    private Size() {}

    public static boolean isBeyondBudget(JsonNode tree) {
        return left(tree, BUDGET) < 0;
    }

    public static AslFailure failure() {
        return new AslFailure(
                "States.DataLimitExceeded",
                "The expression gave a result with a size exceeding the maximum of " + BUDGET + " characters.");
    }

    /** What is left of the budget; counting stops as soon as nothing is. */
    private static int left(JsonNode node, int budget) {
        int left = budget - 2;
        if (node.isTextual()) {
            return left - node.textValue().length();
        }
        if (node.isObject()) {
            for (var field : node.properties()) {
                left = left(field.getValue(), left - field.getKey().length() - 3);
                if (left < 0) {
                    return left;
                }
            }
        } else if (node.isArray()) {
            for (var element : node) {
                left = left(element, left);
                if (left < 0) {
                    return left;
                }
            }
        }
        return left;
    }
}
