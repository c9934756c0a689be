package io.stepstream.asl.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathTest {

    private static final String INPUT =
            "{'a':{'b':[1,2.50,{'c':'x'}],'n':null},'k.y':7,'users':[{'id':1,'status':0},{'id':2,'status':1}]}";

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            $.a.n                          | null
            $.a.b[0]                       | 1
            $.a.b[1]                       | 2.50
            $.a.b[-1].c                    | 'x'
            $['a']['b'][2]["c"]            | 'x'
            $[ 'a' ].n                     | null
            $['k.y']                       | 7
            $.a.b[9]                       | null
            $.no[*]                        | []
            $.no.such[1:3].id              | []
            $.users[*].id                  | [1,2]
            $.users[0:1].id                | [1]
            $.users[:1]                    | [{'id':1,'status':0}]
            $.users[1:].id                 | [2]
            $.users[0,1].id                | [1,2]
            $.users[?(@.status == 0)]      | [{'id':1,'status':0}]
            $.users[?(@.id > 1)].id        | [2]
            $.users[?(@.id == 5)]          | []
            $..id                          | [1,2]
            $.a.b.length()                 | 3
            $$.Execution.Id                | 'e1'
            $$                             | {'Execution':{'Id':'e1'}}
            $v.a[1]                        | 2
            $v                             | {'a':[1,2]}
            """)
    void aPathReads(String path, String expected) throws AslFailure {
        var env = Envs.of(INPUT, "{'Execution':{'Id':'e1'}}");

        assertThat(Path.compile(path).read(env)).isEqualTo(Envs.json(expected));
        assertThat(Path.compile(path).find(env)).contains(Envs.json(expected));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            $.x             | Invalid path '$.x' : No results for path: $['x']
            $.no.such.path  | Invalid path '$.no.such.path' : Missing property in path $['no']
            $.a.no.such     | Invalid path '$.a.no.such' : Missing property in path $['a']['no']
            $.a.x           | Invalid path '$.a.x' : No results for path: $['a']['x']
            $$.x            | Invalid path '$$.x' : No results for path: $['x']
            $w.x            | Invalid path '$w.x' : No results for path: $w
            """)
    void aPathThatFindsNothingFails(String path, String cause) throws AslFailure {
        var env = Envs.of(INPUT);

        assertThat(Path.compile(path).find(env)).isEmpty();
        assertThatThrownBy(() -> Path.compile(path).read(env)).isInstanceOfSatisfying(AslFailure.class, failure -> {
            assertThat(failure.error()).isEqualTo("States.Runtime");
            assertThat(failure.causeText()).isEqualTo(cause);
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "$.",
                "$.a[",
                "$.a['b",
                "$.a b",
                "$..",
                "$.a[?(@.b =~ /x/)]",
                "$.a.min()",
                "$.a.append(1)",
                "$..a..b..c",
                "$.a[?(@.b]"
            })
    void textThatIsNoPathOrAsksTooMuchIsRefused(String text) {
        assertThatThrownBy(() -> Path.compile(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aQuotedNameMayContainWhatWouldOtherwiseBeRefused() throws AslFailure {
        assertThat(Path.compile("$.o[*]['=~ min( ..']").read(Envs.of("{'o':[{'=~ min( ..':1}]}")))
                .isEqualTo(Envs.json("[1]"));
    }

    @Test
    void inAQuotedNameABackslashEscapesOnlyTheQuoteAndItself() throws AslFailure {
        var input = "{\"T\\\\\\\"\\\"N\\\"\":1,\"it's\":2}";
        var env = new Env(Payload.ofText(input), () -> Envs.json("{}"), Variables.NONE, Instant.EPOCH, () -> 0);

        assertThat(Path.compile("$['T\\\"\"N\"']").read(env)).isEqualTo(Envs.json("1"));
        assertThat(Path.compile("$['it\\'s']").read(env)).isEqualTo(Envs.json("2"));
    }

    @Test
    void anExplodingPathFailsByCount() {
        var many = "[" + "0,".repeat(ManyValued.MAX_RESULTS) + "0]";

        assertThatThrownBy(() -> Path.compile("$[*]").read(Envs.of(many)))
                .isInstanceOf(AslFailure.class)
                .hasMessageContaining("more than 100000 results");
    }

    @Test
    void numbersKeepTheirDigits() throws AslFailure {
        var input = "{'a':1.0,'b':12345678901234567890123,'c':0.1234567890123456789,'d':1.10}";

        assertThat(Path.compile("$").read(Envs.of(input))).hasToString(input.replace('\'', '"'));
    }
}
