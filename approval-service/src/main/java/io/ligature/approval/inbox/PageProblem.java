package io.ligature.approval.inbox;

import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** A page that cannot be given; another one says why. */
final class PageProblem extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;
  private final String detail;

  PageProblem(int status, String title, String detail) {
    super(detail);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }

  static PageProblem invalid(String detail) {
    return new PageProblem(400, "That did not work", detail);
  }

  static PageProblem unknown() {
    return new PageProblem(
        404, "No such review", "It may have been removed after its time, or belong to others.");
  }

  int status() {
    return status;
  }

  String title() {
    return title;
  }

  String detail() {
    return detail;
  }

  /** Turns it into its page. */
  static final class Mapper {

    private final PageFrames frames;

    Mapper(PageFrames frames) {
      this.frames = frames;
    }

    @ServerExceptionMapper
    Response problem(PageProblem problem) {
      return frames.problem(problem);
    }
  }
}
