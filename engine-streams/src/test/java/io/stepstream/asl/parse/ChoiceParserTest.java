package io.stepstream.asl.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.stepstream.asl.model.Condition;
import io.stepstream.asl.model.State;
import io.stepstream.asl.query.AslFailure;
import io.stepstream.asl.query.Envs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChoiceParserTest {

    private static final String INPUT =
            "{'one':1,'oneToo':1.0,'two':2,'big':12345678901234567890,'a':'a','b':'b','yes':true,'no':false,'nul':null,"
                    + "'early':'2016-03-14T01:59:00Z','late':'2016-03-14T03:59:01+02:00','same':'2016-03-14T02:59:00+01:00',"
                    + "'list':[],'obj':{},'log':'foo.log'}";

    private static ParsedDefinition parse(String rule) {
        var end = rule.substring(0, rule.length() - 1);
        return AslParser.parse(
                ("{'StartAt':'C','States':{'C':{'Type':'Choice','Choices':[" + end + (end.length() > 1 ? "," : "")
                                + "'Next':'E'}]},'E':{'Type':'Succeed'}}}")
                        .replace('\'', '"'),
                "STANDARD");
    }

    private static Condition condition(String rule) {
        var parsed = parse(rule);
        assertThat(parsed.diagnostics()).isEmpty();
        return ((State.Choice) parsed.stateMachine().orElseThrow().state("C"))
                .rules()
                .get(0)
                .condition();
    }

    @Test
    void thereAreThirtyNineOperators() {
        assertThat(ChoiceParser.operators()).hasSize(39);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'Variable':'$.one','NumericEquals':1}                              | true
            {'Variable':'$.one','NumericEquals':1.0}                            | true
            {'Variable':'$.oneToo','NumericEquals':1}                           | true
            {'Variable':'$.one','NumericEquals':1.0000000000000000001}          | false
            {'Variable':'$.big','NumericGreaterThan':12345678901234567889}      | true
            {'Variable':'$.one','NumericLessThan':1}                            | false
            {'Variable':'$.one','NumericLessThanEquals':1}                      | true
            {'Variable':'$.one','NumericGreaterThanEquals':2}                   | false
            {'Variable':'$.one','NumericLessThan':1e999999999}                  | true
            {'Variable':'$.a','NumericEquals':1}                                | false
            {'Variable':'$.nul','NumericEquals':0}                              | false
            {'Variable':'$.nul','NumericLessThanEquals':0}                      | false
            {'Variable':'$.one','NumericEqualsPath':'$.oneToo'}                 | true
            {'Variable':'$.one','NumericEqualsPath':'$.a'}                      | false
            {'Variable':'$.one','NumericLessThanPath':'$.two'}                  | true
            {'Variable':'$.one','NumericGreaterThanPath':'$.two'}               | false
            {'Variable':'$.one','NumericLessThanEqualsPath':'$.two'}            | true
            {'Variable':'$.one','NumericGreaterThanEqualsPath':'$.two'}         | false
            {'Variable':'$.a','StringEquals':'a'}                               | true
            {'Variable':'$.one','StringEquals':'1'}                             | false
            {'Variable':'$.a','StringLessThan':'b'}                             | true
            {'Variable':'$.a','StringGreaterThan':'b'}                          | false
            {'Variable':'$.a','StringLessThanEquals':'a'}                       | true
            {'Variable':'$.a','StringGreaterThanEquals':'A'}                    | true
            {'Variable':'$.a','StringEqualsPath':'$.b'}                         | false
            {'Variable':'$.a','StringLessThanPath':'$.b'}                       | true
            {'Variable':'$.a','StringGreaterThanPath':'$.b'}                    | false
            {'Variable':'$.a','StringLessThanEqualsPath':'$.b'}                 | true
            {'Variable':'$.a','StringGreaterThanEqualsPath':'$.b'}              | false
            {'Variable':'$.log','StringMatches':'*.log'}                        | true
            {'Variable':'$.log','StringMatches':'\\\\*.log'}                      | false
            {'Variable':'$.one','StringMatches':'*'}                            | false
            {'Variable':'$.yes','BooleanEquals':true}                           | true
            {'Variable':'$.nul','BooleanEquals':false}                          | false
            {'Variable':'$.yes','BooleanEqualsPath':'$.no'}                     | false
            {'Variable':'$.early','TimestampEquals':'2016-03-14T02:59:00+01:00'} | true
            {'Variable':'$.early','TimestampEqualsPath':'$.same'}               | true
            {'Variable':'$.early','TimestampLessThan':'2016-03-14T01:59:00.001Z'} | true
            {'Variable':'$.early','TimestampGreaterThan':'2016-03-14T01:59:00Z'} | false
            {'Variable':'$.early','TimestampLessThanEquals':'2016-03-14T01:59:00Z'} | true
            {'Variable':'$.early','TimestampGreaterThanEquals':'2016-03-14T01:59:00Z'} | true
            {'Variable':'$.early','TimestampLessThanPath':'$.late'}             | true
            {'Variable':'$.early','TimestampGreaterThanPath':'$.late'}          | false
            {'Variable':'$.early','TimestampLessThanEqualsPath':'$.late'}       | true
            {'Variable':'$.early','TimestampGreaterThanEqualsPath':'$.late'}    | false
            {'Variable':'$.a','TimestampEquals':'2016-03-14T01:59:00Z'}         | false
            {'Variable':'$.nul','IsNull':true}                                  | true
            {'Variable':'$.one','IsNull':true}                                  | false
            {'Variable':'$.one','IsNull':false}                                 | true
            {'Variable':'$.one','IsPresent':true}                               | true
            {'Variable':'$.nul','IsPresent':true}                               | true
            {'Variable':'$.missing.too','IsPresent':true}                       | false
            {'Variable':'$.missing','IsPresent':false}                          | true
            {'Variable':'$.list[0]','IsPresent':true}                           | false
            {'Variable':'$.one','IsNumeric':true}                               | true
            {'Variable':'$.a','IsNumeric':true}                                 | false
            {'Variable':'$.a','IsString':true}                                  | true
            {'Variable':'$.obj','IsString':true}                                | false
            {'Variable':'$.no','IsBoolean':true}                                | true
            {'Variable':'$.nul','IsBoolean':false}                              | true
            {'Variable':'$.early','IsTimestamp':true}                           | true
            {'Variable':'$.a','IsTimestamp':true}                               | false
            {'Variable':'$$.Execution.Id','StringEquals':'e1'}                  | true
            {'Not':{'Variable':'$.one','NumericEquals':1}}                      | false
            {'And':[{'Variable':'$.yes','BooleanEquals':true},{'Variable':'$.no','BooleanEquals':true}]} | false
            {'Or':[{'Variable':'$.yes','BooleanEquals':true},{'Variable':'$.missing','BooleanEquals':true}]} | true
            {'And':[{'Variable':'$.missing','IsPresent':true},{'Variable':'$.missing','NumericEquals':1}]} | false
            {'Not':{'Or':[{'And':[{'Variable':'$.one','NumericEquals':2}]}]}}   | true
            """)
    void aConditionHoldsOrNot(String rule, boolean holds) throws AslFailure {
        assertThat(condition(rule).holds(Envs.of(INPUT, "{'Execution':{'Id':'e1'}}")))
                .isEqualTo(holds);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'Variable':'$.missing','NumericEquals':1}",
                "{'Variable':'$.missing','IsNull':true}",
                "{'Variable':'$.one','NumericEqualsPath':'$.missing'}",
                "{'Or':[{'Variable':'$.no','BooleanEquals':true},{'Variable':'$.missing','BooleanEquals':true}]}"
            })
    void aVariableThatFindsNothingFails(String rule) {
        assertThatThrownBy(() -> condition(rule).holds(Envs.of(INPUT)))
                .isInstanceOfSatisfying(AslFailure.class, failure -> {
                    assertThat(failure.error()).isEqualTo("States.Runtime");
                    assertThat(failure.causeText())
                            .isEqualTo("Invalid path '$.missing': The choice state's condition path references an"
                                    + " invalid value.");
                });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {}                                                   | /States/C/Choices[0]
            {'Variable':'$.a'}                                   | /States/C/Choices[0]
            {'NumericEquals':1}                                  | /States/C/Choices[0]
            {'Variable':'$.a','NumericEquals':1,'IsNull':true}   | /States/C/Choices[0]
            {'Variable':'$.a','NumericEquals':'1'}               | /States/C/Choices[0]/NumericEquals
            {'Variable':'$.a','StringEquals':1}                  | /States/C/Choices[0]/StringEquals
            {'Variable':'$.a','TimestampEquals':'today'}         | /States/C/Choices[0]/TimestampEquals
            {'Variable':'$.a','BooleanEquals':'true'}            | /States/C/Choices[0]/BooleanEquals
            {'Variable':'$.a','BooleanLessThan':true}            | /States/C/Choices[0]
            {'Variable':'$.a','IsNull':'true'}                   | /States/C/Choices[0]/IsNull
            {'Variable':'$.a','NumericEqualsPath':1}             | /States/C/Choices[0]/NumericEqualsPath
            {'Variable':'$.a','NumericEqualsPath':'a'}           | /States/C/Choices[0]/NumericEqualsPath
            {'Variable':'$.a[*]','NumericEquals':1}              | /States/C/Choices[0]/Variable
            {'Variable':'$.a','StringMatches':'\\\\a'}             | /States/C/Choices[0]/StringMatches
            {'And':[]}                                           | /States/C/Choices[0]/And
            {'And':{}}                                           | /States/C/Choices[0]/And
            {'Or':[1]}                                           | /States/C/Choices[0]/Or[0]
            {'Not':[]}                                           | /States/C/Choices[0]/Not
            {'Not':{'Variable':'$.a','IsNull':true,'Next':'E'}}  | /States/C/Choices[0]/Not
            {'And':[{'Not':{'Variable':'$.a'}}]}                 | /States/C/Choices[0]/And[0]/Not
            {'Condition':true}                                   | /States/C/Choices[0]
            """)
    void aRuleThatIsWrongIsToldAtItsPlace(String rule, String location) {
        var parsed = parse(rule);

        assertThat(parsed.stateMachine()).isEmpty();
        assertThat(parsed.diagnostics()).first().satisfies(diagnostic -> {
            assertThat(diagnostic.code()).isEqualTo("SCHEMA_VALIDATION_FAILED");
            assertThat(diagnostic.location()).contains(location);
        });
    }
}
