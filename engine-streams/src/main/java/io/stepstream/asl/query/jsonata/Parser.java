package io.stepstream.asl.query.jsonata;

import io.stepstream.asl.query.jsonata.Expr.Parent;
import io.stepstream.asl.query.jsonata.Lexer.Kind;
import io.stepstream.asl.query.jsonata.Lexer.Token;
import io.stepstream.asl.query.jsonata.PathExpr.Stage;
import io.stepstream.asl.query.jsonata.PathExpr.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads an expression by operator precedence (V. R. Pratt, "Top Down Operator Precedence"), with the binding powers and error
 * codes of the reference implementation, jsonata.js.
 */
final class Parser {

    /** How deep an expression may be written. */
    private static final int NESTING = 200;

    private static final Map<String, Integer> POWERS = Map.ofEntries(
            Map.entry(".", 75),
            Map.entry("[", 80),
            Map.entry("{", 70),
            Map.entry("(", 80),
            Map.entry("@", 80),
            Map.entry("#", 80),
            Map.entry("?", 20),
            Map.entry("+", 50),
            Map.entry("-", 50),
            Map.entry("*", 60),
            Map.entry("/", 60),
            Map.entry("%", 60),
            Map.entry("=", 40),
            Map.entry("<", 40),
            Map.entry(">", 40),
            Map.entry("^", 40),
            Map.entry(":=", 10),
            Map.entry("!=", 40),
            Map.entry("<=", 40),
            Map.entry(">=", 40),
            Map.entry("~>", 40),
            Map.entry("?:", 40),
            Map.entry("??", 40),
            Map.entry("and", 30),
            Map.entry("or", 25),
            Map.entry("in", 40),
            Map.entry("&", 50));

    private static final int PREFIX = 70;

    private final Lexer lexer;
    private final Ancestry ancestry = new Ancestry();
    private final TreeSet<String> variables = new TreeSet<>();
    private final TreeSet<String> members = new TreeSet<>();
    private Token token;
    private int depth;

    private Parser(String text) {
        this.lexer = new Lexer(text);
        this.token = lexer.next(true);
    }

    /** What was read, with the variables and the members of {@code $states} that it may look at. */
    record Parsed(Expr expr, Set<String> variables, Set<String> members) {}

    /** Throws {@link JsonataException} for what is no expression. */
    static Parsed parse(String text) {
        var parser = new Parser(text);
        var expr = parser.expression(0);
        if (parser.token.kind() != Kind.END) {
            throw parser.syntaxError();
        }
        parser.ancestry.requireResolved(expr);
        return new Parsed(expr, parser.variables, parser.members);
    }

    private Expr expression(int power) {
        if (++depth > NESTING) {
            throw new JsonataException("S0500", "Expected at most " + NESTING + " nested expressions");
        }
        var first = token;
        boolean opens = first.kind() == Kind.OPERATOR && "([{-|".contains(first.text());
        token = lexer.next(opens);
        var left = prefix(first);
        int links = 0;
        while (power < power(token)) {
            if (++links > NESTING) {
                throw new JsonataException("S0500", "Expected at most " + NESTING + " operators in a row");
            }
            var operator = token;
            token = lexer.next(true);
            left = infix(operator, left);
        }
        depth--;
        return left;
    }

    private static int power(Token token) {
        return token.kind() == Kind.OPERATOR ? POWERS.getOrDefault(token.text(), 0) : 0;
    }

    private JsonataException syntaxError() {
        return new JsonataException("S0201", "Syntax error: " + JsonText.quote(token.text()));
    }

    /** What follows an operand begins an operator. */
    private void expect(String operator) {
        if (!token.is(operator)) {
            throw token.kind() == Kind.END
                    ? new JsonataException(
                            "S0203", "Expected " + JsonText.quote(operator) + " before end of expression")
                    : new JsonataException(
                            "S0202", "Expected " + JsonText.quote(operator) + ", got " + JsonText.quote(token.text()));
        }
        boolean closes = ")]}".contains(operator);
        token = lexer.next(!closes);
    }

    private boolean skip(String operator) {
        if (!token.is(operator)) {
            return false;
        }
        expect(operator);
        return true;
    }

    // At the beginning of an operand.
    // --------------------------------------------------------------------------------------------

    private Expr prefix(Token first) {
        return switch (first.kind()) {
            case NAME -> PathExpr.of(new Expr.Name(first.text()));
            case VARIABLE -> variable(first);
            case LITERAL -> new Expr.Constant(first.value());
            case END -> throw new JsonataException("S0207", "Unexpected end of expression");
            case OPERATOR -> prefixOperator(first);
        };
    }

    private Expr variable(Token name) {
        if (name.text().equals("$")) {
            throw new JsonataException("S0201", "Expected no '$$': the expression has no input of its own");
        }
        if (name.text().equals(States.NAME)) {
            addMembers();
        } else if (!name.text().isEmpty() && Library.find(name.text()) == null) {
            variables.add(name.text());
        }
        return new Expr.Variable(name.text());
    }

    /** Of {@code $states.input} only the input is wanted; otherwise anything may be. */
    private void addMembers() {
        if (token.is(".")) {
            var after = lexer.peek();
            if (after.kind() == Kind.NAME) {
                members.add(after.text());
                return;
            }
        }
        members.addAll(States.MEMBERS);
    }

    private Expr prefixOperator(Token first) {
        return switch (first.text()) {
            case "and", "or", "in" -> PathExpr.of(new Expr.Name(first.text()));
            case "-" -> negation();
            case "*" -> new Expr.Wildcard();
            case "**" -> new Expr.Descendants();
            case "%" -> ancestry.parent();
            case "(" -> block();
            case "[" -> array();
            case "{" -> object();
            case "|" -> transform();
            default ->
                throw new JsonataException(
                        "S0211", "The symbol " + JsonText.quote(first.text()) + " cannot be used as a unary operator");
        };
    }

    private Expr negation() {
        var operand = expression(PREFIX);
        return operand instanceof Expr.Constant constant && constant.value().isNumber()
                ? new Expr.Constant(Numbers.of(-Numbers.value(constant.value())))
                : ancestry.of(new Operators.Negation(operand), operand);
    }

    private Expr block() {
        var parts = new ArrayList<Expr>();
        while (!token.is(")")) {
            parts.add(expression(0));
            if (!skip(";")) {
                break;
            }
        }
        expect(")");
        return ancestry.of(new Calls.Block(parts), parts);
    }

    private Expr array() {
        var parts = new ArrayList<Expr>();
        while (!token.is("]")) {
            var part = expression(0);
            if (skip("..")) {
                var last = expression(0);
                part = ancestry.of(new Operators.Range(part, last), part, last);
            }
            parts.add(part);
            if (!skip(",")) {
                break;
            }
        }
        expect("]");
        return ancestry.of(new ArrayExpr(parts), parts);
    }

    private ObjectExpr object() {
        var pairs = new ArrayList<ObjectExpr.Pair>();
        var parts = new ArrayList<Expr>();
        while (!token.is("}")) {
            var key = expression(0);
            expect(":");
            var value = expression(0);
            pairs.add(new ObjectExpr.Pair(key, value));
            parts.add(key);
            parts.add(value);
            if (!skip(",")) {
                break;
            }
        }
        expect("}");
        var object = new ObjectExpr(pairs);
        ancestry.of(object, parts);
        return object;
    }

    private Expr transform() {
        var where = expression(0);
        expect("|");
        var update = expression(0);
        Expr delete = skip(",") ? expression(0) : null;
        expect("|");
        return new Calls.Transform(where, update, delete);
    }

    // Behind an operand.
    // ------------------------------------------------------------------------------------------------------

    private Expr infix(Token operator, Expr left) {
        var text = operator.text();
        return switch (text) {
            case "." -> step(left);
            case "[" -> predicate(left);
            case "{" -> grouping(left);
            case "(" -> call(left);
            case "^" -> sort(left);
            case "@" -> focus(left);
            case "#" -> index(left);
            case ":=" -> binding(left);
            case "?" -> conditional(left);
            case "?:", "??" -> {
                var otherwise = expression(0);
                yield ancestry.of(new Operators.Default(text.equals("??"), left, otherwise), left, otherwise);
            }
            default -> {
                var right = expression(POWERS.getOrDefault(text, 0));
                yield ancestry.of(binary(text, left, right), left, right);
            }
        };
    }

    private static Expr binary(String operator, Expr left, Expr right) {
        return switch (operator) {
            case "=" -> new Operators.Equality(false, left, right);
            case "!=" -> new Operators.Equality(true, left, right);
            case "<", "<=", ">", ">=" -> new Operators.Comparison(operator, left, right);
            case "&" -> new Operators.Concatenation(left, right);
            case "in" -> new Operators.Inclusion(left, right);
            case "and" -> new Operators.Logic(true, left, right);
            case "or" -> new Operators.Logic(false, left, right);
            case "~>" -> new Calls.Application(left, right);
            default -> new Operators.Arithmetic(operator.charAt(0), left, right);
        };
    }

    private Expr step(Expr left) {
        var path = left instanceof PathExpr before ? before : PathExpr.of(left);
        if (left instanceof Parent) {
            ancestry.of(path, left);
        }
        if (left instanceof Qualified qualified) {
            path.last().keepsArray = qualified.keepsArray;
        }
        var right = expression(POWERS.getOrDefault(".", 0));
        if (right instanceof PathExpr rest) {
            path.steps.addAll(rest.steps);
        } else if (right instanceof Qualified qualified && qualified.group == null) {
            var step = new Step(name(qualified.base));
            qualified.predicates.forEach(predicate -> step.stages.add(new Stage(predicate, "")));
            step.keepsArray = qualified.keepsArray;
            step.seeking.addAll(ancestry.seeking(qualified));
            path.steps.add(step);
        } else {
            path.steps.add(new Step(name(right)));
        }
        for (var step : path.steps) {
            if (step.expr instanceof Expr.Constant constant) {
                throw new JsonataException(
                        "S0213",
                        "The literal value " + constant.value() + " cannot be used as a step within a path expression");
            }
            path.keepsSingleton |= step.keepsArray;
        }
        if (path.steps.get(0).expr instanceof ArrayExpr array) {
            array.isStep = true;
        }
        if (path.last().expr instanceof ArrayExpr array) {
            array.isStep = true;
        }
        ancestry.resolve(path);
        return path;
    }

    /** A string as a step is a name in quotes. */
    private static Expr name(Expr step) {
        return step instanceof Expr.Constant constant && constant.value().isTextual()
                ? new Expr.Name(constant.value().textValue())
                : step;
    }

    private Expr predicate(Expr left) {
        if (skip("]")) {
            return keptArray(left);
        }
        var filter = expression(0);
        expect("]");
        if (left instanceof PathExpr path) {
            if (path.group != null) {
                throw new JsonataException("S0209", "A predicate cannot follow a grouping expression in a step");
            }
            path.last().stages.add(new Stage(filter, ""));
            ancestry.lookBack(path.last(), filter);
            return path;
        }
        var qualified = qualified(left);
        if (qualified.group != null) {
            throw new JsonataException("S0209", "A predicate cannot follow a grouping expression in a step");
        }
        qualified.predicates.add(filter);
        return ancestry.of(qualified, filter);
    }

    private static Expr keptArray(Expr left) {
        if (left instanceof PathExpr path) {
            path.last().keepsArray = true;
            path.keepsSingleton = true;
            return path;
        }
        var qualified = qualified(left);
        qualified.keepsArray = true;
        return qualified;
    }

    private static Qualified qualified(Expr expr) {
        return expr instanceof Qualified qualified ? qualified : new Qualified(expr);
    }

    private Expr grouping(Expr left) {
        var group = object();
        if (left instanceof PathExpr path) {
            if (path.group != null) {
                throw new JsonataException("S0210", "Each step can only have one grouping expression");
            }
            path.group = group;
            return path;
        }
        var qualified = qualified(left);
        if (qualified.group != null) {
            throw new JsonataException("S0210", "Each step can only have one grouping expression");
        }
        qualified.group = group;
        return qualified;
    }

    private Expr sort(Expr left) {
        var terms = new ArrayList<SortExpr.Term>();
        var keys = new ArrayList<Expr>();
        expect("(");
        do {
            boolean descending = token.is(">");
            if (descending || token.is("<")) {
                expect(token.text());
            }
            var key = expression(0);
            keys.add(key);
            terms.add(new SortExpr.Term(key, descending));
        } while (skip(","));
        expect(")");
        var path = left instanceof PathExpr before ? before : PathExpr.of(left);
        path.steps.add(new Step(ancestry.of(new SortExpr(terms), keys)));
        ancestry.resolve(path);
        return path;
    }

    private Expr focus(Expr left) {
        var name = boundName("@");
        var path = left instanceof PathExpr before ? before : PathExpr.of(left);
        var step = path.last();
        if (!step.stages.isEmpty() || step.expr instanceof Qualified) {
            throw new JsonataException("S0215", "A context variable binding must precede any predicates on a step");
        }
        if (step.expr instanceof SortExpr) {
            throw new JsonataException(
                    "S0216", "A context variable binding must precede the 'order-by' clause on a step");
        }
        step.focus = name;
        step.bindsNames = true;
        return path;
    }

    private Expr index(Expr left) {
        var name = boundName("#");
        PathExpr path;
        if (left instanceof PathExpr before) {
            path = before;
        } else if (left instanceof Qualified qualified && qualified.group == null) {
            path = PathExpr.of(qualified.base);
            qualified.predicates.forEach(predicate -> path.last().stages.add(new Stage(predicate, "")));
        } else {
            path = PathExpr.of(left);
        }
        if (path.last().stages.isEmpty()) {
            path.last().index = name;
        } else {
            path.last().stages.add(new Stage(null, name));
        }
        path.last().bindsNames = true;
        return path;
    }

    private String boundName(String operator) {
        var name = token;
        if (name.kind() != Kind.VARIABLE) {
            throw new JsonataException(
                    "S0214", "The right side of " + operator + " must be a variable name (start with $)");
        }
        token = lexer.next(false);
        return name.text();
    }

    private Expr binding(Expr left) {
        if (!(left instanceof Expr.Variable variable)) {
            throw new JsonataException("S0212", "The left side of := must be a variable name (start with $)");
        }
        if (variable.name().equals(States.NAME)) {
            throw new JsonataException("S0212", "Expected another name than $states, which is reserved");
        }
        var value = expression(POWERS.getOrDefault(":=", 0) - 1);
        return ancestry.of(new Calls.Binding(variable.name(), value), value);
    }

    private Expr conditional(Expr test) {
        var then = expression(0);
        Expr otherwise = skip(":") ? expression(0) : new Expr.Constant(Values.UNDEFINED);
        return ancestry.of(new Operators.Conditional(test, then, otherwise), test, then, otherwise);
    }

    private Expr call(Expr left) {
        var arguments = new ArrayList<@Nullable Expr>();
        boolean partial = false;
        while (!token.is(")")) {
            if (token.is("?")) {
                partial = true;
                expect("?");
                arguments.add(null);
            } else {
                arguments.add(expression(0));
            }
            if (!skip(",")) {
                break;
            }
        }
        expect(")");
        if (left instanceof PathExpr path
                && path.steps.size() == 1
                && path.steps.get(0).expr instanceof Expr.Name name
                && (name.name().equals("function") || name.name().equals("\u03bb"))) {
            return lambda(arguments);
        }
        if (partial) {
            return new Calls.Partial(left, arguments);
        }
        List<Expr> given =
                arguments.stream().filter(argument -> argument != null).toList();
        return ancestry.of(new Calls.Call(left, given), given);
    }

    private Expr lambda(List<@Nullable Expr> arguments) {
        var parameters = new ArrayList<String>();
        for (var argument : arguments) {
            if (!(argument instanceof Expr.Variable variable)) {
                throw new JsonataException(
                        "S0208",
                        "Parameter " + (parameters.size() + 1)
                                + " of function definition must be a variable name (start with $)");
            }
            parameters.add(variable.name());
        }
        var signature = token.is("<") ? signature() : null;
        expect("{");
        var body = expression(0);
        expect("}");
        return new Calls.Lambda(parameters, signature, withTailCall(body));
    }

    private Signature signature() {
        var notation = new StringBuilder();
        int open = 0;
        do {
            if (token.kind() == Kind.END || token.is("{")) {
                expect(">");
            }
            open += token.is("<") ? 1 : token.is(">") ? -1 : 0;
            notation.append(token.text());
            token = lexer.next(false);
        } while (open > 0);
        return Signature.parse(notation.toString());
    }

    private static Expr withTailCall(Expr body) {
        if (body instanceof Calls.Call call) {
            return new Calls.TailCall(call);
        }
        if (body instanceof Operators.Conditional conditional) {
            return new Operators.Conditional(
                    conditional.test(), withTailCall(conditional.then()), withTailCall(conditional.otherwise()));
        }
        if (body instanceof Calls.Block block && !block.parts().isEmpty()) {
            var parts = new ArrayList<>(block.parts());
            parts.set(parts.size() - 1, withTailCall(parts.get(parts.size() - 1)));
            return new Calls.Block(parts);
        }
        return body;
    }
}
