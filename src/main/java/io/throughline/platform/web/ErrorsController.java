package io.throughline.platform.web;

import io.swagger.v3.oas.annotations.Hidden;
import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** What the container refuses before, or drops after, Spring MVC: also a problem. */
@Hidden
@RestController
class ErrorsController implements ErrorController {
    private final ProblemWriter problems;

    ErrorsController(ProblemWriter problems) {
        this.problems = problems;
    }

    @RequestMapping("/error")
    void error(HttpServletRequest request, HttpServletResponse response) {
        Throwable cause = (Throwable) request.getAttribute(RequestDispatcher.ERROR_EXCEPTION);
        if (Outages.isOutage(cause)) {
            problems.write(response, ProblemDocument.unavailable());
            return;
        }
        HttpStatusCode status =
                request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE) instanceof Integer code
                        ? HttpStatusCode.valueOf(code)
                        : HttpStatus.NOT_FOUND;
        Problem problem = ProblemAdvice.problemOf(status);
        problems.write(
                response,
                new ProblemDocument(problem, status, problem.title() + ".", Map.of(), null));
    }
}
