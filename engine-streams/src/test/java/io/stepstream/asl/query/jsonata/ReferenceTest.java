package io.stepstream.asl.query.jsonata;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.stepstream.asl.query.Envs;
import io.stepstream.schemas.Json;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another implementation, com.dashjoin:jsonata, makes of the same expressions. */
class ReferenceTest {

    private static final String DATA = """
            {"a": {"b": [{"c": 1, "d": ["x", "y"]}, {"c": 2, "d": []}, {"c": 3, "d": ["z"]}], "e": [[1, 2], [3, [4]]]},
             "p": [{"n": "q", "k": [{"n": "r", "v": 1}, {"n": "s", "v": 2}]}, {"n": "t", "k": [{"n": "r", "v": 3}]}]}""";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "$v.a.b.c",
                "$v.a.b.d",
                "$v.a.b[0].d[0]",
                "$v.a.b.d[0]",
                "$v.a.b[c > 1].c",
                "$v.a.b[c > 1][0].c",
                "$v.a.b[-1]",
                "$v.a.b[[0, 2]].c",
                "$v.a.b.{'x': c}",
                "$v.a.b.[c]",
                "$v.a.b.[c, d]",
                "$v.a.b.(c * 2)",
                "$v.a.b{$string(c): d}",
                "$v.p.k{n: $sum(v)}",
                "$v.p.k{n: v}",
                "$v.p.k[n = 'r'].v",
                "$v.p.k^(>v).v",
                "$v.p.k^(n, >v).v",
                "$v.p[k.n = 's'].n",
                "$v.p.k.(%.n & n)",
                "$v.p.k.{'up': %.n, 'v': v}",
                "$v.p.k[%.n = 't'].v",
                "$v.p@$x.$v.a.b@$y[$x.k[0].v = $y.c].{'n': $x.n, 'c': $y.c}",
                "$v.p#$i.k.{'i': $i, 'v': v}",
                "$v.p#$i[$i = 1].n",
                "$v.a.e",
                "$v.a.e[0]",
                "$v.a.e.$",
                "$v.a.*.c",
                "$v.**.n",
                "$v.a.b.d[]",
                "$v.a.b[0].c[]",
                "[$v.a.b.c, [$v.a.b.c]]",
                "[[1, 2], 3].$",
                "([1, 2, 3])[1]",
                "[1..3].($ * 2)",
                "$map($v.a.b, function($x, $i){$x.c + $i})",
                "$filter($v.a.b, function($x){$x.c > 1}).c",
                "$reduce($v.a.b.c, function($x, $y){$x + $y})",
                "$each($v.p[0], function($x, $k){$k})",
                "$sift($v.p[0], function($x, $k){$k = 'n'})",
                "$merge($v.p.k.{n: v})",
                "$spread($v.p[0].k[0])",
                "$keys($v.p.k)",
                "$distinct($v.p.k.n)",
                "$zip($v.a.b.c, $v.p.n)",
                "$sort($v.a.b.c, function($l, $r){$l < $r})",
                "$append($v.a.b.c, $v.p.n)",
                "$v ~> |p|{'n': 'changed'}, ['k']|",
                "$v.p.k.v ~> $sum",
                "($f := function($x){function($y){$x + $y}}; $f(1)(2))",
                "($add := function($x, $y){$x + $y}; $map([1, 2], $add(?, 10)))",
                "($even := function($n){$n = 0 ? true : $odd($n - 1)}; $odd := function($n){$n = 0 ? false : $even($n - 1)}; $even(101))",
                "$v.a.b.c in [1, 2]",
                "2 in $v.a.b.c",
                "$v.nothing.here ? 1 : 2",
                "$v.a.b.c & 'x'",
                "1 > 0 and 2 > 1 or false",
                "'a' < 'b'",
                "-(1 + 2)",
                "10 % 3",
                "$fromMillis(1509321600000, '[Y0001]-[M01]-[D01] [H01]:[m01]')",
                "$formatNumber(1234.5, '#,##0.00')",
                "$formatInteger(1234, 'w')"
            })
    void agreesWithUs(String expression) throws Exception {
        @SuppressWarnings("unchecked")
        Map<String, Object> data = new ObjectMapper().readValue(DATA, Map.class);
        var theirs = com.dashjoin.jsonata.Jsonata.jsonata(expression);
        var frame = theirs.createFrame();
        frame.bind("v", (Object) data);
        Object expected = theirs.evaluate(Map.of(), frame);
        var ours = Evaluations.of(expression, DATA);
        if (expected == null) {
            assertThat(ours).isEqualTo("!returned nothing (undefined).");
        } else {
            assertThat(Envs.json(ours)).isEqualTo(Envs.json(Json.text(expected)));
        }
    }
}
