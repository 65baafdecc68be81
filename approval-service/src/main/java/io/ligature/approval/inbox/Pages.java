package io.ligature.approval.inbox;

import io.quarkus.qute.CheckedTemplate;
import io.quarkus.qute.TemplateInstance;

/** The templates, with what each needs. */
@CheckedTemplate(basePath = "inbox", defaultName = CheckedTemplate.HYPHENATED_ELEMENT_NAME)
final class Pages {

  private Pages() {}

  static native TemplateInstance list(Frame frame, ListScreen screen);

  static native TemplateInstance review(
      Frame frame, ReviewScreen review, Told told, int maxText, long refreshMillis);

  static native TemplateInstance together(Frame frame, TogetherScreen screen);

  static native TemplateInstance results(Frame frame, TogetherScreen.Results screen);

  static native TemplateInstance confirm(Frame frame, ConfirmScreen screen);

  static native TemplateInstance edit(Frame frame, EditScreen screen);

  static native TemplateInstance login(Frame frame, boolean failed);

  static native TemplateInstance problem(Frame frame, String heading, String detail);
}
