package io.stepstream.bench;

import java.util.OptionalDouble;

/**
 * One measured number.
 *
 * @param must what it has to reach, empty where nothing is asked
 * @param goal what it should reach
 * @param more whether more is better
 * @param detail how it came about, for the reader
 */
record Row(
        String workload,
        String measure,
        double value,
        String unit,
        OptionalDouble must,
        OptionalDouble goal,
        boolean more,
        String detail) {

    static Row fact(String workload, String measure, double value, String unit, String detail) {
        return new Row(workload, measure, value, unit, OptionalDouble.empty(), OptionalDouble.empty(), false, detail);
    }

    /** A count of what must not happen. */
    static Row none(String workload, String measure, long count, String detail) {
        return atMost(workload, measure, (double) count, "", 0, 0, detail);
    }

    static Row atMost(
            String workload, String measure, double value, String unit, double must, double goal, String detail) {
        return new Row(workload, measure, value, unit, OptionalDouble.of(must), OptionalDouble.of(goal), false, detail);
    }

    static Row atLeast(
            String workload, String measure, double value, String unit, double must, double goal, String detail) {
        return new Row(workload, measure, value, unit, OptionalDouble.of(must), OptionalDouble.of(goal), true, detail);
    }

    /** {@code goal}, {@code must} (reached, but not the goal), {@code MISSED}, or nothing where nothing is asked. */
    String verdict() {
        if (must.isEmpty()) {
            return "";
        }
        return reaches(goal.orElse(must.getAsDouble())) ? "goal" : reaches(must.getAsDouble()) ? "must" : "MISSED";
    }

    private boolean reaches(double bound) {
        return more ? value >= bound : value <= bound;
    }
}
