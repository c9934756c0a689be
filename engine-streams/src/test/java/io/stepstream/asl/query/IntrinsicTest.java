package io.stepstream.asl.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.HashSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IntrinsicTest {

    private static final Env ENV = Envs.of(
            "{'n':1.5,'m':1.51,'s':'a,b','e':'','o':{'Arg1':1,'Arg2':[],'s':'x'},'arr':[1,2,3,4,5],'t':'{} \\\\{x\\\\}',"
                    + "'big':3000000000,'huge':1e999999999,'tiny':1e-999999999,'mixed':[1,1.0,1.1,'1',null,null,[1],[1.0],"
                    + "{'a':1,'b':2},{'b':2,'a':1}],'json':'{\\\"k\\\": 1}','nul':null,'yes':true}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            States.Format('{} and {}', $.s, $.n)                     | 'a,b and 1.5'
            States.Format('no arguments')                            | 'no arguments'
            States.Format('{}', $.o)                                 | '{Arg1=1, Arg2=[], s=x}'
            States.Format('{}{}{}', $.nul, $.yes, $.arr)             | 'nulltrue[1, 2, 3, 4, 5]'
            States.Format($.t, 1)                                    | '1 {x}'
            States.Format('\\{\\} {} \\\\ \\'', 7)                       | '{} 7 \\\\ \\u0027'
            States.Format('{', 1, 2)                                 | failure
            States.Format('{}')                                      | failure
            States.Format($.n)                                       | failure
            States.StringToJson($.json)                              | {'k':1}
            States.StringToJson('{"a":{}}')                          | {'a':{}}
            States.StringToJson($.e)                                 | null
            States.StringToJson(' ')                                 | null
            States.StringToJson('-0')                                | 0
            States.StringToJson('{')                                 | failure
            States.StringToJson('1 2')                               | failure
            States.StringToJson(1)                                   | failure
            States.JsonToString($.arr)                               | '[1,2,3,4,5]'
            States.JsonToString($.nul)                               | 'null'
            States.Array()                                           | []
            States.Array(1, 'a', null, $.s, true)                    | [1,'a',null,'a,b',true]
            States.ArrayPartition($.arr, 2)                          | [[1,2],[3,4],[5]]
            States.ArrayPartition(States.Array(), 2)                 | []
            States.ArrayPartition($.arr, 2.5)                        | [[1,2,3],[4,5]]
            States.ArrayPartition($.arr, 0)                          | failure
            States.ArrayPartition($.s, 1)                            | failure
            States.ArrayContains($.arr, 3)                           | true
            States.ArrayContains($.arr, 3.0)                         | true
            States.ArrayContains($.arr, '3')                         | false
            States.ArrayContains($.mixed, States.StringToJson('{"b":2,"a":1}')) | true
            States.ArrayRange(1, 9, 2)                               | [1,3,5,7,9]
            States.ArrayRange(9, 1, -4)                              | [9,5,1]
            States.ArrayRange(1, 0, 1)                               | []
            States.ArrayRange(0.5, 2.4, 1)                           | [1,2]
            States.ArrayRange(1, 2, 0)                               | failure
            States.ArrayLength(States.ArrayRange(1, 1000, 1))        | 1000
            States.ArrayRange(0, 1000, 1)                            | failure
            States.ArrayRange(-2147483648, 2147483647, 1)            | failure
            States.ArrayGetItem($.arr, 4)                            | 5
            States.ArrayGetItem($.arr, 5)                            | failure
            States.ArrayGetItem($.arr, -1)                           | failure
            States.ArrayLength($.arr)                                | 5
            States.ArrayLength($.o)                                  | failure
            States.ArrayUnique($.mixed)                              | [1,1.1,'1',null,[1],{'a':1,'b':2}]
            States.Base64Encode('Data to encode')                    | 'RGF0YSB0byBlbmNvZGU='
            States.Base64Decode('RGF0YSB0byBlbmNvZGU=')              | 'Data to encode'
            States.Base64Decode('')                                  | ''
            States.Base64Decode('*')                                 | failure
            States.Hash('input data', 'MD5')                         | '812f45842bc6d66ee14572ce20db8e86'
            States.Hash('input data', 'SHA-1')                       | 'aaff4a450a104cd177d28d18d74485e8cae074b7'
            States.Hash('input data', 'SHA-256')                     | 'b4a697a057313163aee33cd8d40c66e9f0f177e00cac2de32475ffff6169c3e3'
            States.Hash('input data', 'CRC32')                       | failure
            States.JsonMerge($.o, States.StringToJson('{"s":2}'), false) | {'Arg1':1,'Arg2':[],'s':2}
            States.JsonMerge($.o, $.o, true)                         | failure
            States.JsonMerge($.arr, $.o, false)                      | failure
            States.MathAdd($.n, $.m)                                 | 4
            States.MathAdd(-1.5, -1.51)                              | -3
            States.MathAdd(-1.5, 0)                                  | -1
            States.MathAdd(0.5, 0)                                   | 1
            States.MathAdd($.tiny, 1)                                | 1
            States.MathAdd($.big, 1)                                 | failure
            States.MathAdd($.huge, 1)                                | failure
            States.MathAdd(2147483647, 1)                            | failure
            States.MathAdd('1', 1)                                   | failure
            States.StringSplit($.s, ',')                             | ['a','b']
            States.StringSplit(',,,,', ',')                          | []
            States.StringSplit('This.is+a,test=string', '.+,=')      | ['This','is','a','test','string']
            States.StringSplit('😀x😁', 'x')                          | ['😀','😁']
            States.MathRandom(3, 4)                                  | 3
            States.MathRandom(3, 4, 99)                              | 3
            States.MathRandom(4, 4)                                  | failure
            States.ArrayGetItem(States.StringSplit('a-b-c', '-'), States.MathAdd(States.ArrayLength(States.StringSplit('a-b-c', '-')), -1)) | 'c'
            States.Array( $.arr[0] , $['s'] )                        | [1,'a,b']
            States.Array($.arr[0,1], $.arr.length(), $.arr[?(@ > 4)]) | [[1,2],5,[5]]
            """)
    void aCallGivesWhatAwsGives(String call, String expected) throws AslFailure {
        var expression = Expression.compile(call, "field.$");

        if (expected.equals("failure")) {
            assertThatThrownBy(() -> expression.evaluate(ENV)).isInstanceOfSatisfying(AslFailure.class, failure -> {
                assertThat(failure.error()).isEqualTo("States.IntrinsicFailure");
                assertThat(failure.causeText()).startsWith("The function '" + call + "' had the following error: ");
            });
        } else {
            assertThat(expression.evaluate(ENV)).hasToString(Envs.json(expected).toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "x",
                "States.Format",
                "States.Format(",
                "States.Format('a'",
                "States.Format('a",
                "States.Format('\\x')",
                "States.Format('\"')x",
                "States.format('a')",
                "States.Unknown()",
                "States.UUID(1)",
                "States.MathAdd(1)",
                "States.MathAdd(1 2)",
                "States.MathAdd(01, 2)",
                "States.MathAdd(1,)",
                "States.Array(\"a\")",
                "States.Array(maybe)",
                "States.Array($.a[)",
                "Format('a')"
            })
    void textThatIsNoCallIsRefused(String text) {
        assertThatThrownBy(() -> Expression.compile(text, "f.$")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void callsNestTenDeepAndNoDeeper() throws AslFailure {
        var ten = "States.Array(".repeat(10) + ")".repeat(10);

        assertThat(Expression.compile(ten, "f.$").evaluate(ENV)).hasToString("[".repeat(10) + "]".repeat(10));
        assertThatThrownBy(() -> Expression.compile("States.Array(" + ten + ")", "f.$"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void endlessNestingIsRefusedBeforeTheStackEnds() {
        assertThatThrownBy(() -> Expression.compile("States.Array(".repeat(80_000), "f.$"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void uuidsAreVersionFourAndDiffer() throws AslFailure {
        var uuid = Expression.compile("States.UUID()", "f.$");

        assertThat(uuid.evaluate(ENV).textValue())
                .matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
                .isNotEqualTo(uuid.evaluate(ENV).textValue());
    }

    @Test
    void theSameDrawsGiveTheSameChance() throws AslFailure {
        var call = Expression.compile("States.Array(States.UUID(), States.MathRandom(0, 1000000))", "f.$");

        assertThat(call.evaluate(Envs.of("{}"))).isEqualTo(call.evaluate(Envs.of("{}")));
    }

    @Test
    void randomNumbersStayBetweenStartAndEnd() throws AslFailure {
        var call = Expression.compile("States.MathRandom(-2, 3)", "f.$");
        var seen = new HashSet<Integer>();
        for (int i = 0; i < 500; i++) {
            seen.add(call.evaluate(ENV).intValue());
        }

        assertThat(seen).containsExactlyInAnyOrder(-2, -1, 0, 1, 2);
    }

    @Test
    void aSeedFixesTheNumberWhateverTheDraws() throws AslFailure {
        var call = Expression.compile("States.MathRandom(0, 1000000, 5)", "f.$");

        assertThat(call.evaluate(ENV)).isEqualTo(call.evaluate(ENV));
    }

    @Test
    void hashingAndEncodingStopAtTenThousandCharacters() throws AslFailure {
        var hash = Expression.compile("States.Hash($, 'MD5')", "f.$");

        assertThat(hash.evaluate(Envs.of("'" + "x".repeat(10_000) + "'"))).isInstanceOf(TextNode.class);
        assertThatThrownBy(() -> hash.evaluate(Envs.of("'" + "x".repeat(10_001) + "'")))
                .isInstanceOf(AslFailure.class)
                .hasMessageContaining("10000");
    }

    @Test
    void aCallThatMultipliesItsInputFailsByCount() {
        var call = Expression.compile("States.Array(" + "$,".repeat(200) + "$)", "f.$");

        assertThatThrownBy(() -> call.evaluate(Envs.of("'" + "x".repeat(20_000) + "'")))
                .isInstanceOfSatisfying(
                        AslFailure.class, failure -> assertThat(failure.error()).isEqualTo("States.DataLimitExceeded"));
    }
}
