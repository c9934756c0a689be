package io.stepstream.asl.parse;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is refused of JSONata states when a definition is made. */
class JsonataParserTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            'Type':'Pass','Output':'{% $$.a %}','End':true                       | /States/S/Output
            'Type':'Pass','Output':{'a':['{% 1 + %}']},'End':true                | /States/S/Output
            'Type':'Pass','Output':'{% $states.errorOutput %}','End':true        | /States/S/Output
            'Type':'Pass','Assign':{'a':'{% ( %}'},'End':true                    | /States/S/Assign
            'Type':'Pass','Parameters':{},'End':true                             | /States/S
            'Type':'Pass','QueryLanguage':'JSONPath','End':true                  | /States/S
            'Type':'Wait','Seconds':'1','End':true                               | /States/S/Seconds
            'Type':'Wait','Timestamp':'tomorrow','End':true                      | /States/S/Timestamp
            'Type':'Wait','SecondsPath':'$.a','End':true                         | /States/S
            'Type':'Choice','Choices':[{'Condition':'yes','Next':'S'}]           | /States/S/Choices[0]/Condition
            'Type':'Choice','Choices':[{'Variable':'$.a','IsNull':true,'Next':'S'}] | /States/S/Choices[0]
            'Type':'Map','Items':1,'ItemProcessor':{'StartAt':'I','States':{'I':{'Type':'Succeed'}}},'End':true | /States/S/Items
            """)
    void whatCannotBeEvaluatedIsRefused(String state, String location) {
        var parsed = parse("{'StartAt':'S','States':{'S':{" + state + "}}}");
        assertThat(parsed.stateMachine()).isEmpty();
        assertThat(parsed.diagnostics())
                .anySatisfy(diagnostic -> assertThat(diagnostic.location()).contains(location));
    }

    @Test
    void textWithBlanksAroundTheMarksIsText() {
        var parsed = parse("{'StartAt':'S','States':{'S':{'Type':'Pass','Output':' {% 1 + %}','End':true}}}");
        assertThat(parsed.diagnostics()).isEmpty();
    }

    @Test
    void aStateSaysWhichVariablesItsExpressionsLookInto() {
        var parsed =
                parse("{'StartAt':'S','States':{'S':{'Type':'Pass','Output':{'a':'{% $x + $sum($y) %}'},'End':true}}}");
        assertThat(parsed.stateMachine().orElseThrow().references().toString()).isEqualTo("{S=[x, y]}");
    }

    private static ParsedDefinition parse(String definition) {
        return AslParser.parse(
                definition.replace('\'', '"').replaceFirst("\\{", "{\"QueryLanguage\":\"JSONata\","), "STANDARD");
    }
}
