package io.stepstream.asl.query.jsonata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Expressions and their values. {@code $v} is an order with three items. */
class JsonataTest {

    private static final String ORDER = """
            {"id": "o1", "total": 30, "paid": true, "note": null, "empty": [], "nested": {"a": {"b": [1, 2, {"c": 3}]}},
             "items": [{"sku": "x", "price": 10, "tags": ["a", "b"]}, {"sku": "y", "price": 5, "tags": ["c"]},
                       {"sku": "z", "price": 15, "tags": []}]}""";

    private static final String VALUES = """
            $v.id => "o1"
            $v.items.sku => ["x","y","z"]
            $v.items[0].sku => "x"
            $v.items[-1].sku => "z"
            $v.items[price > 5].sku => ["x","z"]
            $v.items[price = 5].sku => "y"
            $v.items[price = 5].sku[] => ["y"]
            $v.items[[0..1]].sku => ["x","y"]
            $v.items.tags => ["a","b","c"]
            $v.items.[sku, price] => [["x",10],["y",5],["z",15]]
            $v.items.tags[0] => ["a","c"]
            ($v.items.tags)[0] => "a"
            $v.items{sku: price} => {"x":10,"y":5,"z":15}
            $v.items{price: 1} => !threw an error during evaluation. T1003: Key in object structure must evaluate to a string; got: 10
            $v.items^(price).sku => ["y","x","z"]
            $v.items^(>price).sku => ["z","x","y"]
            $v.items#$i.{'at': $i, 'sku': sku}[at=1] => {"at":1,"sku":"y"}
            $v.items@$e.id.($e.sku & $)              => ["xo1","yo1","zo1"]
            $v.items.tags.(%.sku & $) => ["xa","xb","yc"]
            $v.nested.*.b[0] => 1
            $v.nested.**.c => 3
            $v.note => null
            $v.nothing => !returned nothing (undefined).
            $v.empty => []
            $v.items[price > 100] => !returned nothing (undefined).
            $states.input.total => 30
            states.input => !returned nothing (undefined).
            $x => !returned nothing (undefined).
            1 + 2 * 3 - 4 / 2 => 5
            7 % 4 => 3
            0.1 + 0.2 => 0.30000000000000004
            1 / 3 => 0.3333333333333333
            1e21 * 10 => 1E+22
            10 / 5 => 2
            -$v.total => -30
            1 / 0 => !threw an error during evaluation. D1001: Number out of range: Infinity
            'a' + 1 => !threw an error during evaluation. T2001: The left side of the "+" operator must evaluate to a number
            1 = 1.0 => true
            [1, {'a': 2}] = [1.0, {'a': 2}] => true
            $v.items[0] = $v.items[1] => false
            $x = $x => false
            1 < 'a' => !threw an error during evaluation. T2009: The values 1 and "a" either side of operator "<" must be of the same data type
            'a' in ['a', 'b'] => true
            $v.paid and $v.total > 20 => true
            $v.note or false => false
            'a' & 1 & true & null & $x & 1.5 => "a1truenull1.5"
            '' & [1, 'x'] & {'k': 2.0} => "[1,\\"x\\"]{\\"k\\":2}"
            [1..3] => [1,2,3]
            [3..1] => []
            [1, [2, 3], $v.items.price] => [1,[2,3],10,5,15]
            {'a': $x, 'b': null} => {"b":null}
            $v.paid ? 'y' : 'n' => "y"
            false ? 'y' => !returned nothing (undefined).
            $v.empty ?: 'none' => "none"
            $x ?? 'none' => "none"
            $v.empty ?? 'none' => []
            ($a := 1; $b := $a + 1; $b) => 2
            ($f := function($n){$n <= 1 ? 1 : $n * $f($n - 1)}; $f(5)) => 120
            ($add := function($a, $b){$a + $b}; $inc := $add(1, ?); $inc(2)) => 3
            ($twice := function($x){$x * 2} ~> function($x){$x + 1}; $twice(4)) => 9
            $v.items.price ~> $sum() => 30
            $v ~> |items|{'price': price * 2}, 'tags'| => {"id":"o1","total":30,"paid":true,"note":null,"empty":[],"nested":{"a":{"b":[1,2,{"c":3}]}},"items":[{"sku":"x","price":20},{"sku":"y","price":10},{"sku":"z","price":30}]}
            $map([1, 2], function($x, $i){$x * $i}) => [0,2]
            λ($x){$x}(1) => 1
            $foo(1) => !threw an error during evaluation. T1006: Attempted to invoke a non-function
            $eval('1') => !threw an error during evaluation. T1006: Attempted to invoke a non-function
            sum([1]) => !threw an error during evaluation. T1005: Attempted to invoke a non-function. Did you mean $sum?
            $sum => !returned an unsupported result type.
            {'f': $sum} => !returned an unsupported result type.
            $variable := 1 => 1
            /* why */ 1 => 1
            """;

    private static final String REFUSED = """
            $$.a => S0201
            1 + => S0207
            (1 => S0203
            [1 2] => S0202
            'a => S0101
            'a\\q' => S0103
            1 2 => S0201
            ) => S0211
            `foo => S0105
            /a => S0302
            /(?=a)/ => S0303
            $contains('a', /(a)\\1/) => S0303
            a.1 => S0213
            1 := 2 => S0212
            % => S0217
            $states := 1 => S0212
            function(1){2} => S0208
            """;

    static List<Arguments> values() {
        return Tables.of(VALUES);
    }

    static List<Arguments> refused() {
        return Tables.of(REFUSED);
    }

    @ParameterizedTest
    @MethodSource("values")
    void anExpressionHasAValue(String expression, String expected) {
        assertThat(Evaluations.of(expression, ORDER)).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void textThatIsNoExpressionIsRefused(String expression, String code) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Jsonata.compile(expression))
                .withMessageStartingWith(code + ": ");
    }

    @Test
    void integersOfTheDataStayAsTheyAre() {
        assertThat(Evaluations.of("$v", "[1, 1.0, 12345678901234567890, 1.50]"))
                .isEqualTo("[1,1.0,12345678901234567890,1.50]");
    }

    @Test
    void onlyWhatIsReadOfTheStatesObjectIsAskedFor() {
        assertThat(Jsonata.compile("$states.input.a & $states.result").members())
                .containsExactlyInAnyOrder("input", "result");
        assertThat(Jsonata.compile("$states").members()).hasSize(4);
        assertThat(Jsonata.compile("$sum($a.b) + $b").variables()).containsExactlyInAnyOrder("a", "b");
    }
}
