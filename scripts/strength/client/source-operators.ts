import ts from 'typescript';

/** What may stand instead of a node, or of a part of it. */
export interface Mutation {
  operator: string;
  at?: ts.Node;
  text: string;
}

const { SyntaxKind } = ts;

const otherOperators: Partial<Record<ts.SyntaxKind, [operator: string, ...others: string[]]>> = {
  [SyntaxKind.EqualsEqualsEqualsToken]: ['equality', '!=='],
  [SyntaxKind.ExclamationEqualsEqualsToken]: ['equality', '==='],
  [SyntaxKind.LessThanToken]: ['comparison', '<=', '>='],
  [SyntaxKind.LessThanEqualsToken]: ['comparison', '<', '>'],
  [SyntaxKind.GreaterThanToken]: ['comparison', '>=', '<='],
  [SyntaxKind.GreaterThanEqualsToken]: ['comparison', '>', '<'],
  [SyntaxKind.AmpersandAmpersandToken]: ['logic', '||'],
  [SyntaxKind.BarBarToken]: ['logic', '&&'],
  [SyntaxKind.QuestionQuestionToken]: ['logic', '&&'],
  [SyntaxKind.PlusToken]: ['arithmetic', '-'],
  [SyntaxKind.MinusToken]: ['arithmetic', '+'],
  [SyntaxKind.AsteriskToken]: ['arithmetic', '/'],
  [SyntaxKind.SlashToken]: ['arithmetic', '*'],
  [SyntaxKind.AsteriskAsteriskToken]: ['arithmetic', '*'],
  [SyntaxKind.PlusEqualsToken]: ['assignment', '-='],
  [SyntaxKind.QuestionQuestionEqualsToken]: ['assignment', '=', '&&='],
};

const otherMethods: Readonly<Record<string, string>> = {
  min: 'max',
  max: 'min',
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: 'toUpperCase',
};

/** Methods without which a value may look the same at first sight. */
const droppable = new Set(['filter', 'slice', 'trim', 'replace', 'replaceAll', 'flat', 'toSorted', 'catch', 'finally']);

/** The mutations of a node itself, not of what stands within it. */
export function mutationsOf(node: ts.Node): Mutation[] {
  return [...ofOperator(node), ...ofCondition(node), ...ofCall(node), ...ofLiteral(node), ...ofBlock(node)];
}

function ofOperator(node: ts.Node): Mutation[] {
  if (ts.isBinaryExpression(node)) {
    const [operator = '', ...others] = otherOperators[node.operatorToken.kind] ?? [];
    return others.map((text) => ({ operator, at: node.operatorToken, text }));
  }
  if (!ts.isPrefixUnaryExpression(node)) return [];
  const dropped = [SyntaxKind.ExclamationToken, SyntaxKind.MinusToken].includes(node.operator);
  return dropped ? [{ operator: 'unary', text: node.operand.getText() }] : [];
}

function ofCondition(node: ts.Node): Mutation[] {
  const condition =
    ts.isIfStatement(node) || ts.isWhileStatement(node)
      ? node.expression
      : ts.isConditionalExpression(node) || ts.isForStatement(node)
        ? node.condition
        : undefined;
  if (!condition) return [];
  const values = ts.isIfStatement(node) || ts.isConditionalExpression(node) ? ['true', 'false'] : ['false'];
  return values.map((text) => ({ operator: 'condition', at: condition, text }));
}

function ofCall(node: ts.Node): Mutation[] {
  if (ts.isPropertyAccessExpression(node) && node.questionDotToken) {
    return [{ operator: 'optional chain', at: node.questionDotToken, text: '.' }];
  }
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) return [];
  const { name, expression } = node.expression;
  const other = Object.hasOwn(otherMethods, name.text) ? otherMethods[name.text] : undefined;
  if (other !== undefined) return [{ operator: 'method', at: name, text: other }];
  return droppable.has(name.text) ? [{ operator: 'method', text: expression.getText() }] : [];
}

function ofLiteral(node: ts.Node): Mutation[] {
  if (node.kind === SyntaxKind.TrueKeyword) return [{ operator: 'boolean', text: 'false' }];
  if (node.kind === SyntaxKind.FalseKeyword) return [{ operator: 'boolean', text: 'true' }];
  if (ts.isStringLiteral(node) && !isKey(node)) {
    return [{ operator: 'string', text: node.text === '' ? "'mutant'" : "''" }];
  }
  if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
    return [{ operator: 'string', text: '``' }];
  }
  if (ts.isArrayLiteralExpression(node) && node.elements.length > 0 && !isPattern(node)) {
    return [{ operator: 'array', text: '[]' }];
  }
  if (ts.isObjectLiteralExpression(node) && node.properties.length > 0 && !isPattern(node)) {
    return [{ operator: 'object', text: '({})' }];
  }
  if (ts.isRegularExpressionLiteral(node)) return ofPattern(node.text);
  return [];
}

/** A pattern without one of its anchors, and with one repetition less. */
function ofPattern(text: string): Mutation[] {
  const others = [
    text.replace(/^\/\^/, '/'),
    text.replace(/\$(\/[a-z]*)$/, '$1'),
    text.replace(/([\])\w])\+/, '$1'),
    text.replace(/\/[a-z]+$/, '/'),
  ];
  return [...new Set(others)].filter((other) => other !== text).map((other) => ({ operator: 'pattern', text: other }));
}

function ofBlock(node: ts.Node): Mutation[] {
  if (!ts.isBlock(node) || node.statements.length === 0) return [];
  return [{ operator: 'block', text: '{}' }];
}

/** A key is no value. */
function isKey(node: ts.Node): boolean {
  const { parent } = node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  return ts.isPropertyAssignment(parent) && parent.name === node;
}

/** The left side of an assignment. */
function isPattern(node: ts.Node): boolean {
  return (
    ts.isBinaryExpression(node.parent) &&
    node.parent.operatorToken.kind === SyntaxKind.EqualsToken &&
    node.parent.left === node
  );
}
