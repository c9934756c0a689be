package io.stepstream.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class OrdersTest {

    @Test
    void everyStateOfTheDefinitionIsReached() throws Exception {
        var definition = new ObjectMapper().readTree(OrdersTest.class.getResourceAsStream("/orders.asl.json"));
        var states = definition.path("States");
        var targets = new TreeSet<String>();
        targets.add(definition.path("StartAt").asText());
        states.forEach(state -> {
            state.findValues("Next").forEach(next -> targets.add(next.asText()));
            if (state.has("Default")) {
                targets.add(state.path("Default").asText());
            }
        });
        var names = new ArrayList<String>();
        states.fieldNames().forEachRemaining(names::add);

        assertThat(targets).containsExactlyInAnyOrderElementsOf(names);
    }
}
