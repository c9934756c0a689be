package io.stepstream.services;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.xml.sax.SAXException;

/** An element of the small XML that some AWS services answer with. No document type, no entities. */
record Xml(Element element) {

    /** The root; empty where the text is no XML. */
    static Optional<Xml> parse(String text) {
        try {
            var factory = DocumentBuilderFactory.newInstance();
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            var builder = factory.newDocumentBuilder();
            builder.setErrorHandler(null);
            var document = builder.parse(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
            return Optional.of(new Xml(document.getDocumentElement()));
        } catch (ParserConfigurationException e) {
            throw new IllegalStateException("Expected the JDK to read XML", e);
        } catch (SAXException | IOException e) {
            return Optional.empty();
        }
    }

    List<Xml> children() {
        var children = new ArrayList<Xml>();
        for (var node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                children.add(new Xml(child));
            }
        }
        return children;
    }

    String name() {
        return element.getTagName();
    }

    String text() {
        return element.getTextContent();
    }

    /** The first element of that name below this one; empty text where there is none. */
    String find(String name) {
        var found = element.getElementsByTagName(name);
        return found.getLength() == 0 ? "" : found.item(0).getTextContent();
    }
}
