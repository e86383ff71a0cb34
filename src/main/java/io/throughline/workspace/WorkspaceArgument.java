package io.throughline.workspace;

import io.throughline.event.WorkspaceId;
import io.throughline.platform.web.ProblemException;
import io.throughline.platform.web.WebProblems;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Gives a controller method its {@link WorkspaceId}: the one of the header {@code X-Workspace},
 * else the token's own, else {@code default}. A method that takes the parameter cannot reach a
 * workspace the caller must not see.
 */
class WorkspaceArgument implements HandlerMethodArgumentResolver {
    static final String HEADER = "X-Workspace";

    private final Workspaces workspaces;

    WorkspaceArgument(Workspaces workspaces) {
        this.workspaces = workspaces;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == WorkspaceId.class;
    }

    @Override
    public WorkspaceId resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        Token caller =
                BearerAuthentication.current()
                        .orElseThrow(() ->
                                new ProblemException(
                                        WebProblems.UNAUTHENTICATED,
                                        "Send Authorization: Bearer <token>."));
        String asked = request.getHeader(HEADER);
        if (asked == null || asked.isBlank()) {
            WorkspaceId own = caller.workspace();
            return own == null ? Workspace.DEFAULT : own;
        }
        return workspaces
                .byPublicId(asked.strip())
                .filter(caller::sees)
                .map(Workspace::id)
                .orElseThrow(() -> unknown(asked));
    }

    static ProblemException unknown(String publicId) {
        return new ProblemException(
                WorkspaceProblems.UNKNOWN_WORKSPACE,
                "There is no workspace " + publicId + " that this token sees.");
    }
}
