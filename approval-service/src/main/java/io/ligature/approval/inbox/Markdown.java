package io.ligature.approval.inbox;

import io.quarkus.qute.RawString;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Heading;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.DefaultUrlSanitizer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;

/**
 * Renders text that agents wrote. HTML in it is shown as text, addresses other than web and mail
 * are dropped, pictures become links so that nothing is fetched, and every link says where it
 * leads.
 */
final class Markdown {

  private static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  private static final int MOST_NESTED = 20;

  private static final Parser PARSER =
      Parser.builder().extensions(EXTENSIONS).maxOpenBlockParsers(MOST_NESTED).build();

  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(EXTENSIONS)
          .escapeHtml(true)
          .sanitizeUrls(true)
          .urlSanitizer(new DefaultUrlSanitizer(List.of("http", "https", "mailto")))
          .softbreak("<br>")
          .attributeProviderFactory(
              any ->
                  (node, tag, attributes) -> {
                    if (node instanceof Link) {
                      attributes.put("rel", "noopener noreferrer nofollow");
                      attributes.put("target", "_blank");
                    }
                  })
          .nodeRendererFactory(PicturesAsLinks::new)
          .build();

  /** Headings, lists, quotes, fences, tables; emphasis, code and links inside a line. */
  private static final Pattern MARKS =
      Pattern.compile(
          "(?m)^(#{1,6} |[-*+] |\\d+[.)] |> |```|\\|)|\\*\\*\\S|`[^`]+`|\\[[^\\]]+\\]\\([^)]+\\)");

  private Markdown() {}

  /** Whether a text is likely meant as Markdown; several lines always read better as such. */
  static boolean looksLike(String text) {
    return text.indexOf('\n') >= 0 || MARKS.matcher(text).find();
  }

  static RawString render(String text) {
    Node document = PARSER.parse(text);
    document.accept(new BelowThePage());
    return new RawString(RENDERER.render(document));
  }

  /** Headings of the text stand below those of the page. */
  private static final class BelowThePage extends AbstractVisitor {
    @Override
    public void visit(Heading heading) {
      heading.setLevel(Math.min(6, heading.getLevel() + 3));
      visitChildren(heading);
    }
  }

  private record PicturesAsLinks(HtmlNodeRendererContext context) implements NodeRenderer {

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Image.class);
    }

    @Override
    public void render(Node node) {
      Link link = new Link(((Image) node).getDestination(), null);
      Node child = node.getFirstChild();
      while (child != null) {
        Node next = child.getNext();
        link.appendChild(child);
        child = next;
      }
      context.render(link);
    }
  }
}
