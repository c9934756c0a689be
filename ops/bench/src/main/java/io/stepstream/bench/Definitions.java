package io.stepstream.bench;

/** The state machines that are run. */
final class Definitions {

    static final String THREE_PASSES = """
            {"StartAt":"A","States":{
             "A":{"Type":"Pass","Next":"B"},
             "B":{"Type":"Pass","Next":"C"},
             "C":{"Type":"Pass","End":true}}}""";

    static final String MAP = """
            {"StartAt":"Each","States":{
             "Each":{"Type":"Map","ItemsPath":"$.items","End":true,
              "ItemProcessor":{"StartAt":"Item","States":{"Item":{"Type":"Pass","End":true}}}}}}""";

    static final String WAIT_UNTIL = """
            {"StartAt":"Wait","States":{"Wait":{"Type":"Wait","TimestampPath":"$.at","End":true}}}""";

    private Definitions() {}

    /** A single task of the activity. */
    static String oneTask(String activityArn) {
        return "{\"StartAt\":\"Work\",\"States\":{\"Work\":{\"Type\":\"Task\",\"Resource\":\"" + activityArn
                + "\",\"End\":true}}}";
    }
}
