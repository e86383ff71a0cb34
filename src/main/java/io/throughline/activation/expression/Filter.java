package io.throughline.activation.expression;

import com.google.common.collect.ImmutableList;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.parser.CelUnparserFactory;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which messages a destination gets, in the Common Expression Language. Its variables are {@code
 * type}, {@code timestamp} and {@code data}. An evaluation that fails, as one that reads a key that
 * is not there, is no match; {@code has(data.traits.plan)} asks first. Thread-safe.
 */
public final class Filter {
    /** Of a filter's text, in characters. */
    public static final int LONGEST = 4_000;

    /** Over all loops of one evaluation. */
    private static final int ITERATIONS = 10_000;

    private static final Set<String> UNBOUNDED =
            Set.of("add_string", "add_bytes", "add_list", "matches", "matches_string");

    private static final CelOptions OPTIONS =
            CelOptions.current()
                    .enableHeterogeneousNumericComparisons(true)
                    .maxExpressionCodePointSize(LONGEST)
                    .maxParseRecursionDepth(100)
                    .comprehensionMaxIterations(ITERATIONS)
                    .populateMacroCalls(true)
                    .build();
    private static final CelCompiler COMPILER =
            CelCompilerFactory.standardCelCompilerBuilder()
                    .setOptions(OPTIONS)
                    .setStandardMacros(CelStandardMacro.STANDARD_MACROS)
                    .setStandardEnvironmentEnabled(false)
                    .setStandardDeclarations(
                            CelStandardDeclarations.newBuilder()
                                    .filterFunctions((_, overload) ->
                                            isBounded(overload.celOverloadDecl().overloadId()))
                                    .build())
                    .addFunctionDeclarations(BoundedMatches.DECLARATION)
                    .addVar("type", SimpleType.STRING)
                    .addVar("timestamp", SimpleType.STRING)
                    .addVar("data", MapType.create(SimpleType.STRING, SimpleType.DYN))
                    .setResultType(SimpleType.BOOL)
                    .build();
    private static final CelRuntime RUNTIME =
            CelRuntimeFactory.standardCelRuntimeBuilder()
                    .setOptions(OPTIONS)
                    .setStandardEnvironmentEnabled(false)
                    .setStandardFunctions(
                            CelStandardFunctions.newBuilder()
                                    .filterFunctions((_, overload) ->
                                            isBounded(overload.toString().toLowerCase(Locale.ROOT)))
                                    .build())
                    .addFunctionBindings(BoundedMatches.BINDING)
                    .build();

    /**
     * A condition needs no longer texts than there are; to add texts or lists in a loop is to fill
     * the memory. Regular expressions are {@link BoundedMatches}.
     */
    private static boolean isBounded(String overload) {
        return !UNBOUNDED.contains(overload);
    }

    private final CelRuntime.Program program;
    private final List<Clause> clauses;

    /** One of the conditions that all have to hold. */
    private record Clause(String text, CelRuntime.Program program) {}

    private Filter(CelRuntime.Program program, List<Clause> clauses) {
        this.program = program;
        this.clauses = clauses;
    }

    /** Whether a message passes. */
    public sealed interface Decision {
        record Match() implements Decision {}

        /**
         * @param clause the first condition that does not hold
         * @param error why it could not be evaluated; null where it is false
         */
        record NoMatch(String clause, @Nullable String error) implements Decision {}
    }

    /**
     * @throws InvalidExpressionException where it stops being an expression that is true or false
     */
    public static Filter compile(String source) throws InvalidExpressionException {
        try {
            CelAbstractSyntaxTree tree = COMPILER.compile(source).getAst();
            List<Clause> clauses = new ArrayList<>();
            for (CelExpr expression : conjuncts(tree.getExpr())) {
                String text =
                        CelUnparserFactory.newUnparser()
                                .unparse(
                                        CelAbstractSyntaxTree.newParsedAst(
                                                expression, tree.getSource()));
                clauses.add(new Clause(text, program(COMPILER.compile(text).getAst())));
            }
            return new Filter(program(tree), clauses);
        } catch (CelValidationException e) {
            ImmutableList<CelIssue> errors = ImmutableList.copyOf(e.getErrors());
            if (errors.isEmpty()) {
                throw new InvalidExpressionException(1, 1, String.valueOf(e.getMessage()));
            }
            CelIssue first = errors.getFirst();
            throw new InvalidExpressionException(
                    Math.max(1, first.getSourceLocation().getLine()),
                    1 + Math.max(0, first.getSourceLocation().getColumn()),
                    sentence(first.getMessage()));
        } catch (CelEvaluationException e) {
            throw new InvalidExpressionException(1, 1, String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError e) {
            // the library's own faults, met on odd sources
            throw new InvalidExpressionException(1, 1, "this is no CEL expression");
        }
    }

    private static CelRuntime.Program program(CelAbstractSyntaxTree tree)
            throws CelEvaluationException {
        return RUNTIME.createProgram(tree);
    }

    private static String sentence(String fault) {
        return fault.contains("undeclared reference")
                ? fault.replace(" (in container '')", "") + "; what there is: type, timestamp, data"
                : fault;
    }

    private static List<CelExpr> conjuncts(CelExpr expression) {
        if (expression.exprKind().getKind() != CelExpr.ExprKind.Kind.CALL
                || !expression.call().function().equals("_&&_")) {
            return List.of(expression);
        }
        List<CelExpr> conjuncts = new ArrayList<>();
        expression.call().args().forEach(part -> conjuncts.addAll(conjuncts(part)));
        return conjuncts;
    }

    /**
     * @param message {@code {type, timestamp, data}}
     */
    public Decision decide(ObjectNode message) {
        BoundedMatches.begin();
        Map<String, @Nullable Object> variables = Message.of(message, NullValue.NULL_VALUE);
        String whole = evaluate(program, variables);
        if (whole == null) {
            return new Decision.Match();
        }
        for (Clause clause : clauses) {
            String fault = evaluate(clause.program(), variables);
            if (fault != null) {
                return new Decision.NoMatch(clause.text(), fault.isEmpty() ? null : fault);
            }
        }
        // each holds by itself: together they took more than one evaluation may
        return new Decision.NoMatch(clauses.getFirst().text(), whole.isEmpty() ? null : whole);
    }

    /** Null when it holds, empty when it does not, otherwise why it could not be evaluated. */
    private static @Nullable String evaluate(
            CelRuntime.Program program, Map<String, @Nullable Object> variables) {
        try {
            return Boolean.TRUE.equals(program.eval(variables)) ? null : "";
        } catch (CelEvaluationException e) {
            return reason(String.valueOf(e.getMessage()));
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            // the library's own faults, met on odd values
            return "it could not be evaluated (" + e.getClass().getSimpleName() + ")";
        }
    }

    private static String reason(String message) {
        return message.replaceFirst("^evaluation error(?: at <input>:\\d+)?: ", "");
    }
}
