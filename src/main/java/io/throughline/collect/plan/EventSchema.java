package io.throughline.collect.plan;

import com.networknt.schema.Error;
import com.networknt.schema.ExecutionConfig;
import com.networknt.schema.ExecutionContext;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.ValidationLimitExceededException;
import com.networknt.schema.dialect.Dialect;
import com.networknt.schema.dialect.Dialects;
import com.networknt.schema.path.PathType;
import io.throughline.collect.plan.Finding.Reason;
import io.throughline.collect.plan.Finding.Violation;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A schema that is ready to judge. Immutable and thread-safe; judging never throws, never changes
 * what it reads, and takes a bounded number of steps.
 */
final class EventSchema {
    private static final Logger LOG = LoggerFactory.getLogger(EventSchema.class);

    /** An event of 32 KB holds 10,000 numbers; a schema may say three things of each. */
    private static final long MAX_STEPS = 50_000;

    /** Of schemas inside schemas; some 5 frames of the stack each. */
    private static final int MAX_DEPTH = 200;

    /** An array of 10,000 wrong items breaks one rule: what it says is said by the first. */
    private static final int READ_ERRORS = 200;

    private static final int MAX_VIOLATIONS = 20;

    private static final ExecutionConfig BOUNDS =
            ExecutionConfig.builder()
                    .maxEvaluationSteps(MAX_STEPS)
                    .maxEvaluationDepth(MAX_DEPTH)
                    .formatAssertionsEnabled(true)
                    .build();

    private static final SchemaRegistryConfig CONFIG =
            SchemaRegistryConfig.builder()
                    .pathType(PathType.JSON_POINTER)
                    .locale(Locale.ROOT)
                    .formatAssertionsEnabled(true)
                    .preloadSchema(true)
                    .regularExpressionFactory(LinearPattern::compile)
                    .build();

    private static final Schema DRAFT_2020_12 =
            draft(Dialects.getDraft202012(), SchemaRules.DRAFT_2020_12);
    private static final Schema DRAFT_07 = draft(Dialects.getDraft7(), SchemaRules.DRAFT_07);

    private final ObjectNode source;
    private final Schema schema;

    private EventSchema(ObjectNode source, Schema schema) {
        this.source = source;
        this.schema = schema;
    }

    /**
     * @throws InvalidSchemaException when it is no schema, or none that may stand on the way of
     *     events
     */
    static EventSchema compile(JsonNode json) throws InvalidSchemaException {
        SchemaRules.check(json);
        ObjectNode source = ((ObjectNode) json).deepCopy();
        source.remove("$id");
        checkAgainstItsDraft(source);
        try {
            Schema schema = registry().getSchema(source);
            schema.initializeValidators();
            EventSchema compiled = new EventSchema(source, schema);
            compiled.checkThatItEnds();
            return compiled;
        } catch (RuntimeException | StackOverflowError e) {
            throw new InvalidSchemaException("", "cannot be used: " + firstLine(e));
        }
    }

    /** One for each schema, so that none sees another's names; nothing is loaded from anywhere. */
    private static SchemaRegistry registry() {
        return SchemaRegistry.withDialects(
                List.of(Dialects.getDraft202012(), Dialects.getDraft7()),
                registry ->
                        registry.schemaLoader(loader -> loader.block(iri -> true))
                                .schemaRegistryConfig(CONFIG));
    }

    /** What schemas of a draft look like; comes with the library. */
    private static Schema draft(Dialect dialect, String id) {
        return SchemaRegistry.withDefaultDialect(
                        dialect, registry -> registry.schemaRegistryConfig(CONFIG))
                .getSchema(SchemaLocation.of(id));
    }

    private static void checkAgainstItsDraft(ObjectNode source) throws InvalidSchemaException {
        Schema draft = SchemaRules.isDraft07(source) ? DRAFT_07 : DRAFT_2020_12;
        List<Error> errors;
        try {
            errors = Work.within(() -> draft.validate(source));
        } catch (RuntimeException | StackOverflowError e) {
            throw new InvalidSchemaException("", "is too large to be read as a schema");
        }
        Optional<Error> first = errors.stream().findFirst();
        if (first.isPresent()) {
            throw new InvalidSchemaException(
                    first.get().getInstanceLocation().toString(), first.get().getMessage());
        }
    }

    /** A schema that runs in a circle, or doubles itself at each step, does so with nothing too. */
    private void checkThatItEnds() throws InvalidSchemaException {
        if (judge(JsonNodeFactory.instance.objectNode()) instanceof Judged.Unjudged) {
            throw new InvalidSchemaException(
                    "", "never comes to an end: its references run in a circle or multiply");
        }
    }

    /** What the schema says of one payload. */
    sealed interface Judged {
        /**
         * @param violations empty when it fits
         */
        record Done(List<Violation> violations) implements Judged {}

        record Unjudged(Reason reason) implements Judged {}
    }

    Judged judge(ObjectNode payload) {
        try {
            List<Error> errors = Work.within(() -> schema.validate(payload, EventSchema::bound));
            return new Judged.Done(errors.isEmpty() ? List.of() : violations(errors));
        } catch (Work.ExhaustedException
                | ValidationLimitExceededException
                | StackOverflowError e) {
            return new Judged.Unjudged(Reason.EXHAUSTED);
        } catch (RuntimeException e) {
            LOG.debug("A schema could not be applied", e);
            return new Judged.Unjudged(Reason.FAILED);
        }
    }

    private static void bound(ExecutionContext context) {
        context.setExecutionConfig(BOUNDS);
    }

    private List<Violation> violations(List<Error> errors) {
        Map<String, Violation> byRule = new LinkedHashMap<>();
        for (Error error : errors.subList(0, Math.min(errors.size(), READ_ERRORS))) {
            Violation violation = Violations.of(source, error);
            byRule.putIfAbsent(violation.rule(), violation);
            if (byRule.size() == MAX_VIOLATIONS) {
                break;
            }
        }
        return List.copyOf(byRule.values());
    }

    private static String firstLine(Throwable e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse(e.toString());
    }
}
