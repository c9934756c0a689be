package io.stepstream.asl.query.jsonata;

import com.fasterxml.jackson.databind.node.MissingNode;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Env;
import io.stepstream.asl.query.Envs;
import io.stepstream.asl.query.Payload;
import io.stepstream.asl.query.Variables;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.Arrays;

/**
 * How many Outputs of medium size one core evaluates in a second of its time, from the input's text to the output's text. No test: run its
 * main with the test class path. It prints the median and the best of some rounds after a warm-up.
 */
final class JsonataBench {

    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();
    private static final int ROUNDS = 9;
    private static final int WARM_UP_ROUNDS = 5;
    private static final long ROUND_NANOS = 1_000_000_000L;

    private static final String INPUT = """
            {'orderId': 'o-4711', 'customer': {'id': 'c-1', 'name': 'Ada', 'tier': 'gold', 'address': {'city': 'London'}},
             'items': [{'sku': 'a', 'price': 12.5, 'quantity': 2}, {'sku': 'b', 'price': 3, 'quantity': 10},
                       {'sku': 'c', 'price': 99, 'quantity': 1}, {'sku': 'd', 'price': 0.5, 'quantity': 40}],
             'notes': ['fragile', 'gift'], 'paid': true}""";

    private static final String OUTPUT = """
            {'id': '{% $states.input.orderId %}',
             'customer': '{% $states.input.customer.name & " <" & $states.input.customer.id & ">" %}',
             'total': '{% $sum($states.input.items.(price * quantity)) %}',
             'expensive': '{% $states.input.items[price > 10].sku %}',
             'lines': '{% $map($states.input.items, function($i){ {"sku": $i.sku, "sum": $i.price * $i.quantity} }) %}',
             'discount': '{% $states.input.customer.tier = "gold" ? 0.1 : 0 %}',
             'literal': {'kind': 'order', 'version': 3},
             'notes': '{% $join($states.input.notes, ", ") %}'}""";

    private JsonataBench() {}

    public static void main(String[] args) throws AslFailure {
        var template = JsonataTemplate.compile(Envs.json(OUTPUT.replace("\"", "\\\"")), "Output");
        var input = INPUT.replace('\'', '"');
        System.out.println(once(template, input));
        for (int i = 0; i < WARM_UP_ROUNDS; i++) {
            round(template, input);
        }
        var rates = new double[ROUNDS];
        for (int i = 0; i < ROUNDS; i++) {
            rates[i] = round(template, input);
        }
        Arrays.sort(rates);
        System.out.printf("JSONata Output: median %,.0f/s, best %,.0f/s%n", rates[ROUNDS / 2], rates[ROUNDS - 1]);
    }

    private static double round(JsonataTemplate template, String input) throws AslFailure {
        long begin = System.nanoTime();
        long cpu = CPU.getCurrentThreadCpuTime();
        long done = 0;
        long length = 0;
        while (System.nanoTime() - begin < ROUND_NANOS) {
            for (int i = 0; i < 100; i++) {
                length += once(template, input).length();
            }
            done += 100;
        }
        if (length == 0) {
            throw new IllegalStateException("Expected outputs, but there were none");
        }
        return done * 1e9 / (CPU.getCurrentThreadCpuTime() - cpu);
    }

    private static String once(JsonataTemplate template, String input) throws AslFailure {
        var env = new Env(Payload.ofText(input), MissingNode::getInstance, Variables.NONE, Instant.EPOCH, () -> 1);
        return Payload.ofTree(template.evaluate(env)).text();
    }
}
