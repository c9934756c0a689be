package io.stepstream.asl.query.jsonata;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each function gives, with its edges. */
class FunctionsTest {

    private static final String CALLS = """
            $string(1.5e-7)                           => "1.5e-7"
            $string(123456789012345678)               => "123456789012346000"
            $string(1e21)                             => "1e+21"
            $string(0.1 + 0.2)                        => "0.3"
            $string([1, {'a': 'x"y'}])                => "[1,{\\"a\\":\\"x\\\\\\"y\\"}]"
            $string({'a': [1]}, true)                 => "{\\n  \\"a\\": [\\n    1\\n  ]\\n}"
            $string($sum)                             => ""
            $string($x)                               => !returned nothing (undefined).
            $length('a\\uD83D\\uDE00b')               => 3
            $substring('hello', 1, 3)                 => "ell"
            $substring('hello', -3)                   => "llo"
            $substring('hello', 1, -1)                => ""
            $substring('a\\uD83D\\uDE00b', 1, 1)      => "\uD83D\uDE00"
            $substringBefore('a-b', '-')              => "a"
            $substringAfter('a-b', '-')               => "b"
            $substringAfter('a-b', 'x')               => "a-b"
            $uppercase('aß')                          => "ASS"
            $trim('  a \\n b  ')                      => "a b"
            $pad('x', 3, '-')                         => "x--"
            $pad('x', -3, '12')                       => "12x"
            $contains('abc', /B/i)                    => true
            $contains('hello$world', /^hello\\$/)     => true
            $match('ababbab', /a(b+)/)                => [{"match":"ab","index":0,"groups":["b"]},{"match":"abb","index":2,"groups":["bb"]},{"match":"ab","index":5,"groups":["b"]}]
            $match('ab', /x/)                         => !returned nothing (undefined).
            $replace('John Smith', /(\\w+)\\s(\\w+)/, '$2, $1') => "Smith, John"
            $replace('a.b.c', '.', '-', 1)            => "a-b.c"
            $replace('265USD', /([0-9]+)USD/, '$$$1') => "$265"
            $replace('abc', /b/, $uppercase)          => !threw an error during evaluation. T0410: Argument 1 of function "uppercase" does not match function signature
            $replace('abc', /b/, function($m){$uppercase($m.match)}) => "aBc"
            $replace('x', '', 'y')                    => !threw an error during evaluation. D3010: Second argument of replace function cannot be an empty string
            $replace('abc', /x*/, 'y')                => !threw an error during evaluation. D1004: Regular expression matches zero length string
            $split('a, b, c', ', ')                   => ["a","b","c"]
            $split('a1b2c', /[0-9]/, 2)               => ["a","b"]
            $split('abc', '')                         => ["a","b","c"]
            $join(['a', 'b', 'a'], '-')               => "a-b-a"
            $join(['', ''], '-')                      => "-"
            $join([1])                                => !threw an error during evaluation. T0412: Argument 1 of function "join" must be an array of strings
            $base64encode('tést')                     => "dMOpc3Q="
            $base64decode('dMOpc3Q=')                 => "tést"
            $encodeUrlComponent('?x=tést')            => "%3Fx%3Dt%C3%A9st"
            $encodeUrl('https://a/b?x=t t')           => "https://a/b?x=t%20t"
            $decodeUrl('a%20b+c')                     => "a b+c"
            $decodeUrl('%zz')                         => !threw an error during evaluation. D3140: Malformed URL passed to $decodeUrl(): "%zz"
            $number('12.5e1')                         => 125
            $number('0x1F')                           => 31
            $number(true)                             => 1
            $number('NaN')                            => !threw an error during evaluation. D3030: Unable to cast value to a number: "NaN"
            $number('1f')                             => !threw an error during evaluation. D3030: Unable to cast value to a number: "1f"
            $abs(-5.5)                                => 5.5
            $floor(-1.5)                              => -2
            $ceil(1.2)                                => 2
            $round(2.5)                               => 2
            $round(3.5)                               => 4
            $round(123.456, 2)                        => 123.46
            $round(155, -1)                           => 160
            $sqrt(2)                                  => 1.4142135623730951
            $sqrt(-1)                                 => !threw an error during evaluation. D3060: The sqrt function cannot be applied to a negative number: -1
            $power(2, 10)                             => 1024
            $power(10, 1000)                          => !threw an error during evaluation. D3061: The power function has resulted in a value that cannot be represented as a JSON number: base=10, exponent=1000
            $formatBase(255, 16)                      => "ff"
            $formatBase(1, 1)                         => !threw an error during evaluation. D3100: The radix of the formatBase function must be between 2 and 36.  It was given 1
            $formatNumber(12345.6, '#,###.00')        => "12,345.60"
            $formatNumber(0.14, '01%')                => "14%"
            $formatNumber(-6, '000')                  => "-006"
            $formatNumber(-6, '0;(0)')                => "(6)"
            $formatNumber(1234.5678, '00.000e0')      => "12.346e2"
            $formatNumber(1, '0;0;0')                 => !threw an error during evaluation. D3080: The picture string must only contain a maximum of two sub-pictures
            $formatInteger(2789, 'w')                 => "two thousand, seven hundred and eighty-nine"
            $formatInteger(1999, 'I')                 => "MCMXCIX"
            $formatInteger(28, 'a')                   => "ab"
            $formatInteger(1234567, '#,##0')          => "1,234,567"
            $formatInteger(12, '000;o')               => "012th"
            $formatInteger(23, '0;o')                 => "23rd"
            $parseInteger('twelve thousand, four hundred and seventy-six', 'w') => 12476
            $parseInteger('12,345', '#,##0')          => 12345
            $parseInteger('XIV', 'I')                 => 14
            $sum([1, 2.5])                            => 3.5
            $sum(['a'])                               => !threw an error during evaluation. T0412: Argument 1 of function "sum" must be an array of numbers
            $sum($x)                                  => !returned nothing (undefined).
            $max([3, 9, 1])                           => 9
            $min([])                                  => !returned nothing (undefined).
            $average([1, 2])                          => 1.5
            $count($x)                                => 0
            $count('a')                               => 1
            $boolean([0, ''])                         => false
            $boolean([0, 1])                          => true
            $not({})                                  => true
            $exists($x)                               => false
            $append([1], 2)                           => [1,2]
            $append(1, $x)                            => 1
            $reverse([1, 2])                          => [2,1]
            $distinct([1, 1.0, '1', {'a': 1}, {'a': 1}]) => [1,"1",{"a":1}]
            $sort([3, 1, 2])                          => [1,2,3]
            $sort(['b', 1])                           => !threw an error during evaluation. D3070: The single argument form of the sort function can only be applied to an array of strings or an array of numbers.  Use the second argument to specify a comparison function
            $sort([{'a': 2}, {'a': 1}], function($l, $r){$l.a > $r.a}).a => [1,2]
            $zip([1, 2], ['a', 'b', 'c'])             => [[1,"a"],[2,"b"]]
            $keys({'a': 1, 'b': 2})                   => ["a","b"]
            $lookup({'a': 1}, 'a')                    => 1
            $spread({'a': 1, 'b': 2})                 => [{"a":1},{"b":2}]
            $merge([{'a': 1}, {'a': 2, 'b': 3}])      => {"a":2,"b":3}
            $sift({'a': 1, 'b': 2}, function($v){$v > 1}) => {"b":2}
            $each({'a': 1}, function($v, $k){$k & $v}) => "a1"
            $map([1, 2], $string)                     => ["1","2"]
            $filter([1, 2, 3], function($v, $i, $a){$v = $count($a)}) => 3
            $single([1, 2], function($v){$v = 2})     => 2
            $single([1, 2])                           => !threw an error during evaluation. D3138: The $single() function expected exactly 1 matching result.  Instead it matched more.
            $reduce([1, 2, 3], function($a, $b){$a + $b}, 10) => 16
            $reduce([1], function($a){$a})            => !threw an error during evaluation. D3050: The second argument of reduce function must be a function with at least two arguments
            $type(null)                               => "null"
            $type($sum)                               => "function"
            $error('no')                              => !threw an error during evaluation. D3137: no
            $assert(false, 'wrong')                   => !threw an error during evaluation. D3141: wrong
            $now()                                    => "2026-11-22T10:20:30.456Z"
            $millis()                                 => 1795342830456
            $now('[D1o] [MNn] [Y0001], [h]:[m01] [P]') => "22nd November 2026, 10:20 am"
            $fromMillis(0)                            => "1970-01-01T00:00:00.000Z"
            $fromMillis(0, '[FNn,3-3] [H01]:[m01] [Z0101]', '+0130') => "Thu 01:30 +0130"
            $fromMillis(0, '[q]')                     => !threw an error during evaluation. D3132: Unknown component specifier "q" in date/time picture string
            $toMillis('1970-01-01T00:00:01.500Z')     => 1500
            $toMillis('1970-01-02')                   => 86400000
            $toMillis('2017-10-30T16:25:32.935+0100') => 1509377132935
            $toMillis('30/10/2017', '[D01]/[M01]/[Y0001]') => 1509321600000
            $toMillis('30 October 2017', '[D1] [MNn] [Y0001]') => 1509321600000
            $toMillis('10:20', '[H01]:[m01]')         => 1795342800000
            $toMillis('never')                        => !threw an error during evaluation. D3110: The argument of the toMillis function must be an ISO 8601 formatted timestamp. Given "never"
            $partition([1, 2, 3], 2)                  => [[1,2],[3]]
            $partition([1], 0)                        => !threw an error during evaluation. D3137: Expected the size of a partition to be positive, but it is 0
            $range(0, 10, 5)                          => [0,5,10]
            $range(3, 1, -1)                          => [3,2,1]
            $hash('input', 'SHA-1')                   => "140f86aae51ab9e1cda9b4254fe98a74eb54c1a1"
            $hash('input', 'CRC')                     => !threw an error during evaluation. D3137: Expected the algorithm of a hash to be one of MD5, SHA-1, SHA-256, SHA-384 and SHA-512, but it is "CRC"
            $random(7) = $random(7)                   => true
            $random(7) = $random(8)                   => false
            $random() < 1                             => true
            $count($distinct([$uuid(), $uuid()]))     => 2
            $contains($uuid(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/) => true
            $sort($shuffle([1, 2, 3]))                => [1,2,3]
            $parse('{"a": [1, 1.50]}')                => {"a":[1,1.50]}
            $parse('{')                               => !threw an error during evaluation. D3137: Expected the string passed to $parse() to be JSON, but it is "{"
            """;

    static List<Arguments> calls() {
        return Tables.of(CALLS);
    }

    @ParameterizedTest
    @MethodSource("calls")
    void aFunctionGivesItsValue(String call, String expected) {
        assertThat(Evaluations.of(call, "null")).isEqualTo(expected);
    }

    @Test
    void chanceIsThatOfTheDecision() {
        var call = "[$random(), $uuid(), $shuffle([1..10])]";
        assertThat(Evaluations.of(call, "null")).isEqualTo(Evaluations.of(call, "null"));
    }
}
