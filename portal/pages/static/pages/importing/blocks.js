/**
 * Puts blocks into the form's streams (Wagtail's StreamBlock and Draftail), and takes them back.
 * Every function that changes something returns the function that undoes it.
 */

/** The stream of the body, which the form keeps on its root element. */
export function bodyStream() {
  return document.getElementById("body-root").rootBlock;
}

/** The stream and the child that hold a rich text; null where no body holds it. */
export function placeOf(input) {
  const root = document.getElementById("body-root");
  if (!root?.contains(input)) return null;
  return find(root.rootBlock, input);
}

function find(block, input) {
  if (block.children) {
    for (const [index, child] of block.children.entries()) {
      if (!child.element.contains(input)) continue;
      const deeper = find(child.block, input);
      if (deeper) return deeper;
      const known = block.blockDef.childBlockDefsByName;
      const isBody = known && ["heading", "image", "table"].every((name) => name in known);
      return isBody && child.type === "paragraph" ? { stream: block, index } : null;
    }
  }
  for (const inner of Object.values(block.childBlocks || {})) {
    const deeper = find(inner, input);
    if (deeper) return deeper;
  }
  return null;
}

/** At the cursor: words into the text itself, blocks by parting it in two. */
export function insertAt({ input, at, selection, answer }) {
  if (answer.content) return insertText(input, selection, answer.content);
  return insertBlocks(input, at, selection, answer.blocks);
}

function insertText(input, selection, raw) {
  const { EditorState, Modifier, convertFromRaw } = window.DraftJS;
  const editor = input.draftailEditor;
  const before = editor.getEditorState();
  const content = Modifier.replaceWithFragment(
    before.getCurrentContent(),
    selection,
    convertFromRaw(raw).getBlockMap(),
  );
  editor.onChange(EditorState.push(before, content, "insert-fragment"));
  return () => editor.onChange(EditorState.undo(editor.getEditorState()));
}

function insertBlocks(input, { stream, index }, selection, blocks) {
  const { ContentState, EditorState, Modifier } = window.DraftJS;
  const child = stream.children[index];
  const before = input.draftailEditor.getEditorState();
  let content = before.getCurrentContent();
  if (!selection.isCollapsed()) {
    content = Modifier.removeRange(content, selection, "backward");
    selection = content.getSelectionAfter();
  }
  const parted = Modifier.splitBlock(content, selection).getBlocksAsArray();
  const cut = parted.findIndex((block) => block.getKey() === selection.getStartKey()) + 1;
  const halves = [parted.slice(0, cut), parted.slice(cut)].map((half) =>
    half.some((block) => block.getText().trim() || block.getType() === "atomic")
      ? EditorState.createWithContent(
          ContentState.createFromBlockArray(half),
          before.getDecorator(),
        )
      : null,
  );
  const made = [];
  const add = (state, position) => made.push(stream.insert(state, position, {}));
  const [first, second] = halves;
  let position = index + 1;
  if (first) child.block.setState(first);
  for (const block of blocks) add(block, position++);
  if (second) add({ type: "paragraph", value: second, id: crypto.randomUUID?.() }, position);
  // An empty text that was only there to be pasted into has done its work.
  if (!first) stream.deleteBlock(index, {});
  show(made[0]);
  return () => {
    for (const each of made) stream.deleteBlock(stream.children.indexOf(each), {});
    if (first) child.block.setState(before);
    else stream.insert({ type: "paragraph", value: before, id: child.id }, index, {});
  };
}

/** Behind what is there. */
export function appendBlocks(stream, blocks) {
  const made = blocks.map((block) => stream.insert(block, stream.children.length, {}));
  show(made[0]);
  return () => {
    for (const each of made) stream.deleteBlock(stream.children.indexOf(each), {});
  };
}

/** All blocks by others; ids stay as they are given, and so do comments. */
export function replaceAll(stream, blocks) {
  const before = stream.getState();
  stream.setState(blocks);
  return () => stream.setState(before);
}

function show(child) {
  child?.element.scrollIntoView({ block: "nearest" });
}
