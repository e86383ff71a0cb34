package io.throughline.workspace;

import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What an answer that is more than one reading needs to know about who asked. */
public class Callers {
    private final Supplier<Directory> directory;

    Callers(Supplier<Directory> directory) {
        this.directory = directory;
    }

    /**
     * Whether the token of the current request is still one: for answers that last. Answers from
     * memory, on any thread, and sees a revocation as soon as this instance does.
     */
    public BooleanSupplier stillKnown() {
        Token token = token();
        // by its hash: the bootstrap token keeps its row when it is changed
        String hash =
                directory.get().tokensByHash().entrySet().stream()
                        .filter(known -> known.getValue().equals(token))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse("");
        return () -> token.equals(directory.get().tokensByHash().get(hash));
    }

    /** Whether the token of the current request is the bootstrap token, which sees all. */
    public boolean seesEveryWorkspace() {
        return token().workspace() == null;
    }

    /** The public id of the current request's token. */
    public String current() {
        return token().publicId();
    }

    private static Token token() {
        return BearerAuthentication.current()
                .orElseThrow(() ->
                        new ProblemException(
                                WebProblems.UNAUTHENTICATED,
                                "Send Authorization: Bearer <token>."));
    }
}
