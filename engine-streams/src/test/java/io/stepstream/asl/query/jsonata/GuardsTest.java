package io.stepstream.asl.query.jsonata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expressions that would never end, or never fit: each fails after a counted amount of work, every time the same way. */
class GuardsTest {

    /** Smaller than the stack of any thread that evaluates. */
    private static final int STACK_BYTES = 768 * 1024;

    private static final String BOMBS = """
            ($f := function($x){$f($x + 1)}; $f(0))                                        => steps
            ($f := function($x){1 + $f($x)}; $f(0))                                        => depth
            ($f := function($x){[$f($x)]}; $f(0))                                          => depth
            ($f := function($x){$map([1], function($y){$f($y)})}; $f(0))                   => depth
            ($f := function($g){$g($g)}; $f($f))                                           => steps
            $sum([1..9999999])                                                             => steps
            $count([1..100000].([1..100000]))                                              => steps
            [1..10000].[1..10000]                                                          => steps
            ($a := [1..1000]; $a.$a.$a)                                                    => steps
            ($d := function($s, $n){$n = 0 ? $s : $d($s & $s, $n - 1)}; $d('x', 60))       => characters
            ($d := function($s, $n){$n = 0 ? $s : $d([$s, $s], $n - 1)}; $string($d(1, 60)))       => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[$s, $s]], $n - 1)}; $d(1, 60))              => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[$s], [$s]], $n - 1)}; $d(1, 60) = $d(1, 60)) => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[$s], [$s]], $n - 1)}; $distinct([$d(1, 60), 2])) => characters
            ($d := function($s, $n){$n = 0 ? $s : $d({'a': $s, 'b': $s}, $n - 1)}; $d(1, 60))      => steps
            ($d := function($s, $n){$n = 0 ? $s : $d({'a': $s, 'b': $s}, $n - 1)}; $count($d(1, 60).**)) => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[[]], [$s], [$s]], $n - 1)}; $boolean($d(0, 60)))  => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[$s], [$s]], $n - 1)}; {'x': $d(1, 60)}.*)   => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[$s], [$s]], $n - 1)}; $spread($d({'a':1}, 60))) => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[$s], [$s]], $n - 1)}; $keys($d({'a':1}, 60)))   => steps
            ($d := function($s, $n){$n = 0 ? $s : $d([[$s], [$s]], $n - 1)}; $lookup($d({'a':1}, 60), 'a')) => steps
            ($d := function($s, $n){$n = 0 ? $s : $d({'a': $s, 'b': $s}, $n - 1)}; $d(1, 60) ~> |a|{'c': 1}|) => steps
            $reduce([1..5000], function($a, $i){[[$a]]}, 1)                                => depth
            $string($reduce([1..5000], function($a, $i){{'a': $a}}, 1))                    => depth
            $reduce([1..5000], function($a, $i){{'a': $a}}, 1) = $reduce([1..5000], function($a, $i){{'a': $a}}, 1) => depth
            $boolean($reduce([1..5000], function($a, $i){[[$a]]}, 1))                      => depth
            $reduce([1..5000], function($a, $i){{'a': $a}}, 1).**                          => depth
            $reduce([1..5000], function($a, $i){$zip($a)}, [1])                            => depth
            ($w := function($f, $n){$n = 0 ? $f : $w($f(?), $n - 1)}; $w(function($x){$x}, 5000)(1)) => depth
            ($w := function($f, $n){$n = 0 ? $f : $w($f ~> $f, $n - 1)}; $w(function($x){$x}, 5000)(1))  => depth
            $pad('x', 1e9)                                                                 => characters
            $pad('x', -1e300)                                                              => characters
            $join([1..100000].('xxxxxxxxxxxxxxxxxxxx'))                                    => characters
            $join([1..1000].(''), $pad('', 100000, 'x'))                                   => characters
            $replace($pad('', 100000, 'a'), 'a', $pad('', 1000, 'b'))                      => characters
            $replace($pad('', 100000, 'a'), /a/, $pad('', 1000, 'b'))                      => characters
            $replace($pad('', 10000, 'a'), /(a+)/, $pad('', 10000, '$1'))                  => characters
            $match($pad('', 500000, 'a'), /(a|aa)*$/)                                     => steps
            $split($pad('', 500000, 'a'), /[ab]{1,20}/)                                   => steps
            $split($pad('', 500000, 'a'), '')                                             => steps
            $map([1..100000].('ab'), /(a*)*b/)                                                  => steps
            $range(0, 1e300, 1)                                                            => steps
            $partition([1..1500000], 1)                                                    => steps
            $sort([1..1000000])                                                            => steps
            $sort([1..100000], function($a, $b){$a < $b})                                  => steps
            [1..100000]^(>$)                                                               => steps
            $shuffle([1..1000000])                                                         => steps
            $count([1..1000000].$random())                                                 => steps
            [1..1000000].$uuid()                                                           => steps
            [1..100000].$hash($pad('', 100000, 'x'), 'SHA-512')                           => steps
            [1..1000000].$base64encode('x')                                                => steps
            $base64encode($pad('', 1000000, 'x'))                                          => characters
            $encodeUrl($pad('', 1000000, '\\u00fc'))                                       => characters
            [1..100000].$now('[FNn], [D1o] [MNn] [Y]')                                     => steps
            $now($pad('', 100000, '[Y]'))                                                  => characters
            $toMillis($pad('', 100000, '1'))                                               => characters
            $formatInteger(1, $pad('', 100000, '0'))                                       => characters
            $formatNumber(1, $pad('', 100000, '0'))                                        => characters
            $parseInteger($pad('', 100000, '1'), '0')                                      => characters
            [1..300000]{$string($): $}                                                     => steps
            ($f := function($x){$sort([1, 2], function($a, $b){$f($a)})}; $f(0))           => depth
            ($f := function($x){[1, 2]^($f($x))}; $f(0))                                   => depth
            ($f := function($x){$replace('aa', 'a', function($m){$f($x)})}; $f(0))         => depth
            ($f := function($x){{'a': 1} ~> |$|{'b': $f($x)}|}; $f(0))                     => depth
            [1..1000]@$x.[1..1000]@$y.{'a': $x}                                            => steps
            [1..2000]#$i.[1..2000]#$j[$i = $j]                                             => steps
            """;

    static List<Arguments> bombs() {
        return Tables.of(BOMBS);
    }

    @ParameterizedTest
    @MethodSource("bombs")
    void aBombFailsTwiceTheSameWayWithinItsBudget(String expression, String limit) throws Exception {
        var compiled = Jsonata.compile(expression);
        var none = JsonNodeFactory.instance.objectNode();
        var first = onASmallStack(() -> Evaluations.of(compiled, none));
        assertThat(first)
                .startsWith("!threw an error during evaluation. U1001: ")
                .contains(limit);
        assertThat(onASmallStack(() -> Evaluations.of(compiled, none))).isEqualTo(first);
    }

    @Test
    void aDefinitionCannotNestSoDeepThatReadingItFails() {
        for (var unit : List.of(
                "(", "[", "-", "$f(", "{'a':", "1?", "1?1:", "$a:=", "a.(", "a[", "1?:", "1+", "1&", "function($x){")) {
            assertThatIllegalArgumentException().isThrownBy(() -> Jsonata.compile(unit.repeat(20_000)));
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jsonata.compile("/" + "(".repeat(100_000) + ")".repeat(100_000) + "/"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jsonata.compile("/" + "(".repeat(400) + ")".repeat(400) + "{1000}/"));
    }

    @Test
    void usefulWorkFitsTheBudget() {
        var orders = new ArrayList<String>();
        for (int i = 0; i < 5_000; i++) {
            orders.add("{'id': " + i + ", 'price': " + i % 97 + ", 'tags': ['a', 'b']}");
        }
        var data = "{'orders': " + orders + "}";
        assertThat(Evaluations.of("$sum($v.orders[price > 50].price)", data)).isEqualTo("172534");
        assertThat(Evaluations.of("$count($v.orders^(>price, id))", data)).isEqualTo("5000");
        assertThat(Evaluations.of("($f := function($n, $s){$n = 0 ? $s : $f($n - 1, $s + $n)}; $f(50000, 0))", "1"))
                .isEqualTo("1250025000");
        assertThat(Evaluations.of("($f := function($n){$n = 0 ? 0 : 1 + $f($n - 1)}; $f(80))", "1"))
                .isEqualTo("80");
    }

    private static String onASmallStack(Callable<String> work)
            throws InterruptedException, ExecutionException, TimeoutException {
        var task = new FutureTask<>(work);
        new Thread(null, task, "small stack", STACK_BYTES).start();
        return task.get(60, TimeUnit.SECONDS);
    }

    /** A deep tree that came as data. */
    private static JsonNode deep(int levels) {
        JsonNode value = JsonNodeFactory.instance.numberNode(1);
        for (int i = 0; i < levels; i++) {
            value = JsonNodeFactory.instance.arrayNode().add(value);
        }
        return value;
    }

    @Test
    void dataThatIsTooDeepFailsWhereItIsLookedThrough() throws Exception {
        var compiled = Jsonata.compile("$string($v)");
        assertThat(onASmallStack(() -> Evaluations.of(compiled, deep(999)))).contains("U1001");
    }
}
