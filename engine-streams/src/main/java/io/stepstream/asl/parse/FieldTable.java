package io.stepstream.asl.parse;

import io.stepstream.asl.model.QueryLanguage;
import io.stepstream.asl.model.StateType;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Which fields a state may have: the language's table. */
final class FieldTable {

    private static final Map<StateType, Set<String>> BY_TYPE = new EnumMap<>(Map.of(
            StateType.TASK,
            of("Next End InputPath OutputPath Parameters ResultSelector ResultPath Arguments Output Assign Retry Catch"
                    + " Resource TimeoutSeconds TimeoutSecondsPath HeartbeatSeconds HeartbeatSecondsPath Credentials"),
            StateType.PARALLEL,
            of("Next End InputPath OutputPath Parameters ResultSelector ResultPath Arguments Output Assign Retry Catch"
                    + " Branches"),
            StateType.MAP,
            of("Next End InputPath OutputPath Parameters ResultSelector ResultPath Output Assign Retry Catch"
                    + " ItemProcessor Iterator ItemsPath Items ItemSelector MaxConcurrency MaxConcurrencyPath ItemReader"
                    + " ItemBatcher ResultWriter ToleratedFailurePercentage ToleratedFailurePercentagePath"
                    + " ToleratedFailureCount ToleratedFailureCountPath Label"),
            StateType.PASS,
            of("Next End InputPath OutputPath Parameters ResultPath Output Assign Result"),
            StateType.WAIT,
            of("Next End InputPath OutputPath Output Assign Seconds SecondsPath Timestamp TimestampPath"),
            StateType.CHOICE,
            of("InputPath OutputPath Output Assign Choices Default"),
            StateType.SUCCEED,
            of("InputPath OutputPath Output"),
            StateType.FAIL,
            of("Error ErrorPath Cause CausePath")));

    private static final Set<String> JSONPATH_ONLY = Set.of(
            "InputPath",
            "OutputPath",
            "Parameters",
            "ResultSelector",
            "ResultPath",
            "Result",
            "TimeoutSecondsPath",
            "HeartbeatSecondsPath",
            "ItemsPath",
            "MaxConcurrencyPath",
            "ToleratedFailurePercentagePath",
            "ToleratedFailureCountPath",
            "SecondsPath",
            "TimestampPath",
            "ErrorPath",
            "CausePath");

    private static final Set<String> JSONATA_ONLY = Set.of("Arguments", "Output", "Items");

    /** Right, but not done here yet, whatever the language. */
    private static final Set<String> NOT_YET = Set.of("ItemReader", "ItemBatcher", "ResultWriter", "Label");

    private FieldTable() {}

    private static Set<String> of(String fields) {
        var all = new HashSet<>(Arrays.asList(fields.split(" ", -1)));
        all.addAll(Set.of("Type", "Comment", "QueryLanguage"));
        return Set.copyOf(all);
    }

    static void check(Source state, StateType type, QueryLanguage language) {
        var allowed = BY_TYPE.getOrDefault(type, Set.of());
        var foreign = language == QueryLanguage.JSONPATH ? JSONATA_ONLY : JSONPATH_ONLY;
        state.json().fieldNames().forEachRemaining(field -> {
            if (!allowed.contains(field)) {
                state.schema("Field '" + field + "' is not supported");
            } else if (foreign.contains(field)) {
                state.schema(foreign(field, language));
            } else if (NOT_YET.contains(field)) {
                state.findings().notYet(state.at(field), "The field '" + field + "'");
            }
        });
    }

    /** A catcher has few fields, but some of them belong to one language too. */
    static void checkCatcher(Source catcher, QueryLanguage language) {
        var foreign = language == QueryLanguage.JSONPATH ? "Output" : "ResultPath";
        if (catcher.has(foreign)) {
            catcher.schema(foreign(foreign, language));
        }
    }

    private static String foreign(String field, QueryLanguage language) {
        return language == QueryLanguage.JSONPATH
                ? "The QueryLanguage is set to 'JSONPath', but field '" + field
                        + "' is only supported for the 'JSONata' QueryLanguage"
                : "The QueryLanguage is set to 'JSONata', but field '" + field
                        + "' is only supported for the 'JSONPath' QueryLanguage";
    }
}
