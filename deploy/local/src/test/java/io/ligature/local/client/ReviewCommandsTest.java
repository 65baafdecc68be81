package io.ligature.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.ligature.schemas.wire.TrailLine;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReviewCommandsTest {

  private static final String APPROVED =
      """
      {"reviewId": "w-1:gate:1", "decision": "approve", "reviewer": "rita", "reason": "checked",
       "decidedAt": "2026-03-01T10:00:00Z"}
      """;

  private FakeServices services;

  @BeforeEach
  void start() throws Exception {
    services = new FakeServices();
  }

  @AfterEach
  void stop() {
    services.close();
  }

  @Test
  void listsOpenReviews() {
    services.answer(
        "GET /reviews?status=open",
        200,
        """
        {"reviews": [{"reviewId": "w-1:gate:1", "definition": "a", "role": "editor",
          "reason": "a gate", "requestedAt": "2026-03-01T10:00:00Z"}], "next": null}
        """);

    assertThat(Run.with(services, "reviews", "list"))
        .isEqualTo(
            new Run(
                0,
                """
                REVIEW      DEFINITION  ROLE    REASON  SINCE
                w-1:gate:1  a           editor  a gate  2026-03-01T10:00:00Z
                """,
                ""));
  }

  @Test
  void showsAllThatAReviewerNeeds() {
    services.answer(
        "GET /reviews/w-1%3Agate%3A1",
        200,
        """
        {"reviewId": "w-1:gate:1", "status": "open", "reason": "the definition asks for it",
         "requester": "ada", "rule": {"role": "legal", "fourEyes": true, "edit": true},
         "mayDecide": false, "expiresAt": "2026-03-03T10:00:00Z", "subject": {"text": "Hello"},
         "onApproval": ["report"], "onRejection": [],
         "consequences": [
           {"task": "report", "path": "approval", "what": "agent", "capability": "document.write",
            "attempts": 24, "attemptCost": "0.10", "maxCost": "2.40", "conditional": true},
           {"task": "check", "path": "approval", "what": "review", "maxCost": "0.00"},
           {"task": "tell", "path": "approval", "what": "workflow", "maxCost": null}],
         "worstCase": {"approval": {"maxCost": "0.47", "more": 3, "atLeast": true},
           "rejection": {"maxCost": "0.00", "more": 0, "atLeast": false}},
         "budget": {"spent": "0.03", "remaining": "0.47", "currency": "USD"},
         "evidence": [{"task": "draft", "agent": "writer", "model": null, "confidence": 0.7,
           "cost": "0.03",
           "earlierAttempts": [{"agent": "cheap", "failure": {"kind": "low_confidence"}}]}]}
        """);

    assertThat(Run.with(services, "reviews", "show", "w-1:gate:1", "--as=leo"))
        .isEqualTo(
            new Run(
                0,
                """
                w-1:gate:1  open
                why:          the definition asks for it
                who decides:  role legal, not ada, who started it (you may not)
                expires:      2026-03-03T10:00:00Z
                on approval:  report
                on rejection: nothing more
                spent:        0.03 USD, left 0.47

                what can follow:
                ON         TASK                       WHAT            ATTEMPTS  AT WORST
                approval   report (perhaps)           document.write  24        2.40
                approval   check                      review                    0.00
                approval   tell                       workflow                  not known
                approval   all, with at least 3 more                            0.47
                rejection  all                                                  0.00

                what came before:
                TASK   AGENT   MODEL  CONFIDENCE  COST  EARLIER ATTEMPTS
                draft  writer         0.70        0.03  cheap: low_confidence

                what is under review (may be edited):
                {
                  "text" : "Hello"
                }
                """,
                ""));
    assertThat(services.calls().getFirst().user()).isEqualTo("leo:secret-l");
  }

  @Test
  void showsWhoMayDecideHowManyAreNeededAndWhoHasIt() {
    services.answer(
        "GET /reviews/r",
        200,
        """
        {"reviewId": "r", "status": "open", "reason": "a large offer", "requester": "ada",
         "rule": {"role": "board", "roles": ["legal"], "users": ["cfo"], "quorum": 2,
           "rejections": 1, "fourEyes": false, "otherThanBefore": true, "edit": false},
         "decidableBy": ["board", "legal", "sales-head"], "mayDecide": true, "approvals": 1,
         "rejections": 0, "claim": {"who": "leo", "until": "2026-03-01T10:15:00Z"},
         "budget": {"spent": "0.00", "currency": "USD"}, "subject": null}
        """);

    assertThat(Run.with(services, "reviews", "show", "r").out())
        .contains(
            """
            who decides:  role board, role legal, role sales-head, cfo, not who decided before (you may)
            needed:       1 of 2 approvals, or 0 of 1 rejections
            who has it:   leo until 2026-03-01T10:15:00Z
            """);
  }

  @Test
  void approves() {
    services.answer("POST /reviews/w-1%3Agate%3A1/approve", 200, APPROVED);

    assertThat(Run.with(services, "reviews", "approve", "w-1:gate:1", "--reason=checked"))
        .isEqualTo(
            new Run(0, "w-1:gate:1: approve by rita at 2026-03-01T10:00:00Z: checked\n", ""));
    assertThat(services.calls())
        .containsExactly(
            new FakeServices.Call(
                "POST /reviews/w-1%3Agate%3A1/approve",
                "rita:secret-r", "application/json", "{\"reason\":\"checked\"}"));
  }

  @Test
  void triesAgainWhileTheReviewIsNotKnownYet() {
    services
        .answer("POST /reviews/r/approve", 404, "{\"title\": \"No such review\"}")
        .answer("POST /reviews/r/approve", 200, APPROVED);

    assertThat(Run.with(services, "reviews", "approve", "r").exitCode()).isZero();
  }

  @Test
  void sendsAnEditedOutputFromAFile(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("edited.json"), "{\"text\": \"Hi\"}");
    services.answer("POST /reviews/r/edit-and-approve", 200, APPROVED);

    assertThat(Run.with(services, "reviews", "edit", "r", "--output=@" + file).exitCode()).isZero();
    assertThat(services.calls().getFirst().body())
        .isEqualTo("{\"reason\":\"\",\"output\":{\"text\":\"Hi\"}}");
  }

  @Test
  void tellsWhoseDecisionWon() {
    services.answer(
        "POST /reviews/r/reject",
        409,
        "{\"title\": \"Already decided\", \"detail\": \"someone was faster\", \"winner\": "
            + APPROVED
            + "}");

    assertThat(Run.with(services, "reviews", "reject", "r", "--reason=no"))
        .isEqualTo(
            new Run(
                1,
                "",
                """
                Already decided: someone was faster
                  it was: approve by rita at 2026-03-01T10:00:00Z: checked
                """));
  }

  @Test
  void tellsWhichRoleIsNeeded() {
    services.answer(
        "POST /reviews/r/approve",
        403,
        "{\"title\": \"Not your role\", \"detail\": \"it needs the role legal\"}");

    assertThat(Run.with(services, "reviews", "approve", "r"))
        .isEqualTo(new Run(1, "", "Not your role: it needs the role legal\n"));
  }

  @Test
  void saysWhenADecisionHasNotTakenEffectYet() {
    services.answer("POST /reviews/r/approve", 202, "{\"detail\": \"stored, show the review\"}");

    assertThat(Run.with(services, "reviews", "approve", "r"))
        .isEqualTo(new Run(0, "r: stored, show the review\n", ""));
  }

  @Test
  void rejectingNeedsAReasonAndADeciderHasToBeKnown() {
    assertThat(Run.with(services, "reviews", "reject", "r").exitCode()).isEqualTo(2);
    assertThat(Run.with(services, "reviews", "approve", "r", "--as=mallory"))
        .isEqualTo(
            new Run(2, "", "there is no user 'mallory' here; known are leo, operator, rita\n"));
    assertThat(services.calls()).isEmpty();
  }

  @Test
  void saysHowFarAReviewIsThatNeedsMorePeople() {
    services.answer(
        "POST /reviews/r/approve",
        200,
        "{\"status\": \"open\", \"standing\": \"1 of 2 approvals\"}");

    assertThat(Run.with(services, "reviews", "approve", "r"))
        .isEqualTo(new Run(0, "r: 1 of 2 approvals\n", ""));
  }

  @Test
  void sendsEveryAct() {
    for (String act :
        List.of("claim", "release", "delegate", "comments", "request-changes", "abort")) {
      services.answer("POST /reviews/r/" + act, 200, "{\"standing\": \"0 of 1 approval\"}");
    }

    assertThat(Run.with(services, "reviews", "claim", "r").exitCode()).isZero();
    assertThat(Run.with(services, "reviews", "release", "r").exitCode()).isZero();
    assertThat(
            Run.with(
                    services,
                    "reviews",
                    "delegate",
                    "r",
                    "--to=leo",
                    "--until=2026-03-01T09:00:00Z")
                .exitCode())
        .isZero();
    assertThat(Run.with(services, "reviews", "comment", "r", "--text=hm").exitCode()).isZero();
    assertThat(Run.with(services, "reviews", "request-changes", "r", "--reason=x").exitCode())
        .isZero();
    assertThat(Run.with(services, "reviews", "abort", "r", "--reason=y").exitCode()).isZero();

    assertThat(services.calls())
        .extracting(FakeServices.Call::body)
        .containsExactly(
            "{}",
            "{}",
            "{\"reason\":\"\",\"to\":\"leo\",\"until\":\"2026-03-01T09:00:00Z\"}",
            "{\"text\":\"hm\"}",
            "{\"reason\":\"x\"}",
            "{\"reason\":\"y\"}");
  }

  @Test
  void verifiesTheTrailOfAReview() {
    TrailLine first =
        TrailLine.sealed(
            "{\"reviewId\":\"r\",\"number\":1,\"kind\":\"opened\",\"previous\":\""
                + TrailLine.START
                + "\"}");
    services
        .answer("GET /reviews/r/trail", 200, first.text() + "\n")
        .answer("GET /reviews/r", 200, "{\"status\": \"open\"}");

    assertThat(Run.with(services, "reviews", "verify", "r"))
        .isEqualTo(
            new Run(
                0, "the only entry is whole; the last one's hash is " + first.hash() + "\n", ""));
  }

  @Test
  void saysWhoCouldCheckATrailOfWhichPartsAreHidden() {
    services
        .answer("GET /reviews/r/trail", 200, "{\"number\":1,\"masked\":true}\n")
        .answer("GET /reviews/r", 200, "{\"status\": \"open\"}");

    assertThat(Run.with(services, "reviews", "verify", "r"))
        .isEqualTo(
            new Run(
                1,
                """
                r: parts of it are hidden from the user, so it has no hashes; verify it --as someone with the role 'sensitive'
                """,
                ""));
  }

  @Test
  void findsTheTrailsThatAreNotWhole() {
    TrailLine cut =
        TrailLine.sealed(
            "{\"reviewId\":\"a\",\"number\":1,\"kind\":\"opened\",\"previous\":\""
                + TrailLine.START
                + "\"}");
    services
        .answer("GET /reviews?status=open", 200, "{\"reviews\": [], \"next\": null}")
        .answer(
            "GET /reviews?status=decided",
            200,
            "{\"reviews\": [{\"reviewId\": \"a\"}], \"next\": \"x\"}")
        .answer(
            "GET /reviews?status=decided&cursor=x",
            200,
            "{\"reviews\": [{\"reviewId\": \"b\"}, {\"reviewId\": \"forgotten\"}], \"next\": null}")
        .answer("GET /reviews?status=withdrawn", 200, "{\"reviews\": []}")
        .answer("GET /reviews/forgotten", 404, "{\"title\": \"There is no such review\"}")
        .answer("GET /reviews/a/trail", 200, cut.text() + "\n")
        .answer("GET /reviews/a", 200, "{\"status\": \"decided\"}")
        .answer("GET /reviews/b/trail", 200, cut.text().replace("opened", "closed") + "\n")
        .answer("GET /reviews/b", 200, "{\"status\": \"decided\"}");

    assertThat(Run.with(services, "reviews", "verify", "--all"))
        .isEqualTo(
            new Run(
                1,
                """
                a: the trail does not tell that it is decided
                b: entry 1 is not what its hash was made of
                0 of 2 trails are whole
                """,
                ""));
    assertThat(Run.with(services, "reviews", "verify").exitCode()).isEqualTo(2);
  }

  @Test
  void checksATrailThatWasExported(@TempDir Path folder) throws Exception {
    TrailLine first =
        TrailLine.sealed(
            "{\"reviewId\":\"a\",\"number\":1,\"kind\":\"opened\",\"previous\":\""
                + TrailLine.START
                + "\"}");
    Path whole = Files.writeString(folder.resolve("whole.jsonl"), first.text() + "\n");
    Path forged =
        Files.writeString(
            folder.resolve("forged.jsonl"), first.text().replace("opened", "oqened") + "\n");

    assertThat(Run.alone("reviews", "verify", "--file", whole.toString()))
        .isEqualTo(
            new Run(
                0, "the only entry is whole; the last one's hash is " + first.hash() + "\n", ""));
    assertThat(Run.alone("reviews", "verify", "--file", forged.toString()))
        .isEqualTo(new Run(1, forged + ": entry 1 is not what its hash was made of\n", ""));
    assertThat(Run.alone("reviews", "verify", "a", "--file", forged.toString()).exitCode())
        .isEqualTo(2);
    assertThat(Run.alone("reviews", "verify", "--file", folder + "/none"))
        .isEqualTo(new Run(1, "", "there is no file " + folder + "/none\n"));
  }

  /** A decision between two questions to the service is no forgery. */
  @Test
  void readsTheTrailAfterWhatItHasToTell() {
    services
        .answer("GET /reviews/r", 200, "{\"status\": \"open\"}")
        .answer("GET /reviews/r/trail", 200, "{}\n");

    Run.with(services, "reviews", "verify", "r");

    assertThat(services.lines()).containsExactly("GET /reviews/r", "GET /reviews/r/trail");
  }

  @Test
  void saysThatAnExportHasNoHashesRatherThanThatItIsForged(@TempDir Path folder) throws Exception {
    Path masked =
        Files.writeString(folder.resolve("masked.jsonl"), "{\"number\":1,\"masked\":true}\n");
    Path none = Files.write(folder.resolve("none.jsonl"), new byte[] {(byte) 0xff, '\n'});
    Path words = Files.writeString(folder.resolve("words.jsonl"), "not JSON\n");

    assertThat(Run.alone("reviews", "verify", "--file", masked.toString()))
        .isEqualTo(
            new Run(
                1,
                masked
                    + ": parts of it are hidden from whoever exported it, so it has no hashes;"
                    + " verify it --as someone with the role 'sensitive'\n",
                ""));
    assertThat(Run.alone("reviews", "verify", "--file", none.toString()))
        .isEqualTo(new Run(1, "", none + " is no text in UTF-8\n"));
    assertThat(Run.alone("reviews", "verify", "--file", words.toString()))
        .isEqualTo(new Run(1, words + ": entry 1 is not what its hash was made of\n", ""));
  }

  @Test
  void tellsMachinesWhichTrailsAreWhole(@TempDir Path folder) throws Exception {
    services
        .answer("GET /reviews?status=open", 200, "{\"reviews\": [{\"reviewId\": \"r\"}]}")
        .answer("GET /reviews?status=decided", 200, "{\"reviews\": []}")
        .answer("GET /reviews?status=withdrawn", 200, "{\"reviews\": []}")
        .answer("GET /reviews/r", 200, "{\"status\": \"open\"}")
        .answer("GET /reviews/r/trail", 200, "{}\n");
    Path empty = Files.writeString(folder.resolve("empty.jsonl"), "");

    assertThat(Run.with(services, "reviews", "verify", "--all", "--json"))
        .isEqualTo(
            new Run(
                1,
                """
                {
                  "trails" : 1,
                  "whole" : 0,
                  "broken" : [ {
                    "trail" : "r",
                    "entries" : 1,
                    "hash" : null,
                    "problem" : "entry 1 is not what its hash was made of"
                  } ]
                }
                """,
                ""));
    assertThat(Run.alone("reviews", "verify", "--json", "--file", empty.toString()).out())
        .contains("\"entries\" : 0", "\"problem\" : \"there is no entry\"");
  }
}
