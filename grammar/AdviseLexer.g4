// The words of the rule language; README.md teaches the language, AdviseParser.g4 has the sentences.
// Offsets are bytes: the lexer reads bytes, and outside strings and comments a byte above 127 is an ERROR_CHAR.
lexer grammar AdviseLexer;

PACK : 'pack';
VERSION_KW : 'version';
USE : 'use';
AS : 'as';
PARAM : 'param';
RANGE : 'range';
DEF : 'def';
SYMPTOM : 'symptom';
CAUSE : 'cause';
ADVICE : 'advice';
APPLIES : 'applies';
WHEN : 'when';
NEEDS : 'needs';
FOR : 'for';
MATCH : 'match';
LET : 'let';
EXPLAINS : 'explains';
CONFIDENCE : 'confidence';
SEVERITY : 'severity';
COSTS : 'costs';
RULES : 'rules';
OUT : 'out';
REQUIRES : 'requires';
CONFLICTS : 'conflicts';
WITH : 'with';
SUPERSEDES : 'supersedes';
OVERLAPS : 'overlaps';
EFFECT : 'effect';
NONE : 'none';
TITLE : 'title';
MESSAGE : 'message';
FIX : 'fix';
LINK : 'link';
EVIDENCE : 'evidence';
GROUP : 'group';
BY : 'by';
OTHERWISE : 'otherwise';
SET : 'set';
SCALE : 'scale';
CAP : 'cap';
AT : 'at';
DROP : 'drop';
REPLACE : 'replace';
CONF : 'conf';
WHERE : 'where';
NOT : 'not';
AND : 'and';
OR : 'or';
IN : 'in';
IS : 'is';
MISSING : 'missing';
MATCHES : 'matches';
OF : 'of';
IF : 'if';
THEN : 'then';
ELSE : 'else';
EXISTS : 'exists';
COUNT : 'count';
TRUE : 'true';
FALSE : 'false';
OVERRIDE : 'override';
DISABLE : 'disable';
ENABLE : 'enable';
SUPPRESS : 'suppress';
SUPPRESSED : 'suppressed';
BECAUSE : 'because';
UNTIL : 'until';
EFFORT : 'effort';
RISK : 'risk';
OBJECTIVE : 'objective';
STATUS : 'status';
SINCE : 'since';
TAGS : 'tags';
CATEGORY : 'category';
SCOPE : 'scope';
CHANGE : 'change';
RETURN : 'return';
TEST : 'test';
FROM : 'from';
GIVEN : 'given';
EXPECT : 'expect';
SAVING : 'saving';
X : 'x';

DATE : D D D D '-' D D '-' D D;
VERSION : 'v' D+ ('.' D+)+;   // v3.0; `v3` is a name
QUANTITY : NUM ('ns' | 'us' | 'ms' | 's' | 'min' | 'h' | 'd' | 'B' | 'KiB' | 'MiB' | 'GiB' | 'TiB' | 'KB' | 'MB' | 'GB' | 'TB');
PERCENT : NUM '%';
FLOAT : D+ '.' D+;
INT : D+ ('_' D+)*;
fragment NUM : D+ ('_' D+)* ('.' D+)?;
fragment D : [0-9];

// "…" with escapes \" \\ \n \t, on one line; """…""" raw, over several lines (a backslash is a backslash).
STRING : '"' ('\\' ~[\r\n] | ~["\\\r\n])* '"' | '"""' .*? '"""';
// Shorter than a closed string, so it wins only where the line ends first. It never parses; it makes a good message.
UNCLOSED_STRING : '"' ('\\' ~[\r\n] | ~["\\\r\n])* '\\'?;

ID : [a-zA-Z_] [a-zA-Z0-9_]*;

LE : '<=';
GE : '>=';
EQ : '=';
NEQ : '!=';
RARROW : '->';
LARROW : '<-';
ARROW : '=>';
LT : '<';
GT : '>';
QQ : '??';
DOTDOT : '..';
DOT : '.';
LPAREN : '(';
RPAREN : ')';
LBRACE : '{';
RBRACE : '}';
LBRACK : '[';
RBRACK : ']';
COMMA : ',';
COLON : ':';
PIPE : '|';
PLUS : '+';
MINUS : '-';
STAR : '*';
SLASH : '/';
CARET : '^';
TILDE : '~';
QUESTION : '?';

DOC : '##' ~[\r\n]* ('\r'? '\n' [ \t]* '##' ~[\r\n]*)*;
COMMENT : '#' (~[#\r\n] ~[\r\n]*)? -> channel(HIDDEN);   // a lone # must not swallow the next line
WS : [ \t\r\n]+ -> channel(HIDDEN);
ERROR_CHAR : .;   // last: a stray character fails the parse, not only the lexer
