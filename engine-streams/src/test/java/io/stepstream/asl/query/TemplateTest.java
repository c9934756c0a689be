package io.stepstream.asl.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TemplateTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'a':1,'b':['$.x']}                 | {'a':1,'b':['$.x']}
            {'a.$':'$.x'}                       | {'a':5}
            {'a':[{'b.$':'$.x'},'$.x',[]]}      | {'a':[{'b':5},'$.x',[]]}
            {'a.$':'$$.Execution.Id'}           | {'a':'e1'}
            {'a.$':'$'}                         | {'a':{'x':5}}
            {'a.$':'States.Array($.x, 1)'}      | {'a':[5,1]}
            {'a':{'b.$':'$v.a','c':null}}       | {'a':{'b':[1,2],'c':null}}
            '$.x'                               | '$.x'
            {'a.$':'$.list[*]'}                 | {'a':[]}
            {'a.$':'$.y'}                       | `The JSONPath '$.y' specified for the field 'a.$' could not be found in the input '{"x":5}'`
            {'q':[{'a.$':'$.y.z'}]}             | `The JSONPath '$.y.z' specified for the field 'a.$' could not be found in the input '{"x":5}'`
            {'a.$':'States.Array($.y)'}         | `The JSONPath '$.y' specified for the field 'a.$' could not be found in the input '{"x":5}'`
            """)
    void aTemplateIsFilledIn(String template, String expected) throws AslFailure {
        var env = Envs.of("{'x':5}", "{'Execution':{'Id':'e1'}}");
        var compiled = Template.compile(Envs.json(template));

        if (expected.startsWith("The JSONPath")) {
            assertThatThrownBy(() -> compiled.evaluate(env))
                    .isInstanceOfSatisfying(
                            AslFailure.class,
                            failure -> assertThat(failure.causeText()).isEqualTo(expected));
        } else {
            assertThat(compiled.evaluate(env)).isEqualTo(Envs.json(expected));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a.$':1}", "{'a.$':'x'}", "{'a.$':'States.Nothing()'}", "[{'a.$':'$.'}]", "{'a.$':{}}"})
    void anExpressionThatIsNoneIsRefused(String template) {
        assertThatThrownBy(() -> Template.compile(Envs.json(template))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aTemplateThatMultipliesItsInputFailsByCount() {
        var fields = new StringBuilder("{");
        for (int i = 0; i < 100; i++) {
            fields.append(i == 0 ? "" : ",").append("'f").append(i).append(".$':'$'");
        }
        var template = Template.compile(Envs.json(fields + "}"));

        assertThatThrownBy(() -> template.evaluate(Envs.of("'" + "x".repeat(20_000) + "'")))
                .isInstanceOfSatisfying(
                        AslFailure.class, failure -> assertThat(failure.error()).isEqualTo("States.DataLimitExceeded"));
    }
}
