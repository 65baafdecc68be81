package io.ligature.example;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What an agent made.
 *
 * @param confidence 0 to 1; measured on the data, see each agent for what is counted
 */
record Answer(ObjectNode output, double confidence) {}
