package io.stepstream.bench.micro;

import io.stepstream.asl.parse.AslParser;
import io.stepstream.asl.parse.ParsedDefinition;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Definitions read and checked in a second. An order workflow has five states, and the machine many of them in a row. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
public class ParserBench {

    private static final String ORDER = """
            "Check #": {"Type": "Choice", "Choices": [
                {"And": [{"Variable": "$.total", "NumericGreaterThan": 100}, {"Variable": "$.paid", "BooleanEquals": true}],
                 "Next": "Charge #"}], "Default": "Prepare #"},
            "Charge #": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:charge",
                "TimeoutSeconds": 60, "Parameters": {"id.$": "$.orderId", "label.$": "States.Format('{}-{}', $.a, $.b)"},
                "Retry": [{"ErrorEquals": ["States.Timeout"], "IntervalSeconds": 2, "MaxAttempts": 3, "BackoffRate": 2}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Prepare #"}],
                "ResultPath": "$.charge", "Next": "Prepare #"},
            "Prepare #": {"Type": "Pass", "QueryLanguage": "JSONata",
                "Output": {"lines": "{% $states.input.items.(price * quantity) %}"}, "Next": "Each #"},
            "Each #": {"Type": "Map", "ItemsPath": "$.lines", "MaxConcurrency": 5, "ItemProcessor": {
                "StartAt": "Line #", "States": {"Line #": {"Type": "Pass", "End": true}}}, "Next":""";

    @Param({"1", "20", "1000"})
    public int orders;

    private String definition = "";

    @Setup
    public void definition() {
        definition = IntStream.range(0, orders)
                .mapToObj(i -> ORDER.replace("#", Integer.toString(i))
                        + (i == orders - 1 ? " \"Done\"}, " : " \"Check " + (i + 1) + "\"}, "))
                .collect(Collectors.joining(
                        "", "{\"StartAt\": \"Check 0\", \"States\": {", "\"Done\": {\"Type\": \"Succeed\"}}}"));
        if (!AslParser.parse(definition, "STANDARD").diagnostics().isEmpty()) {
            throw new IllegalStateException("Expected a sound definition, but "
                    + AslParser.parse(definition, "STANDARD").diagnostics());
        }
    }

    @Benchmark
    public ParsedDefinition parse() {
        return AslParser.parse(definition, "STANDARD");
    }
}
