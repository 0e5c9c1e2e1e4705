// The sentences of the rule language; README.md teaches the language. LL(k) without ambiguity: one rule per precedence
// level (not left recursion, which put `not` above comparisons), soft keywords only through `ident`, metadata keys a
// closed list, so that `mesage "…"` is an error.
// rules/syntax/parse.cpp drives the parser unit by unit (ruleHead, clause, testItem, …) so that a bad unit costs only
// itself; `file` says how the units make a file, and the tests hold the driver against it.
parser grammar AdviseParser;

options { tokenVocab = AdviseLexer; }

// ---------- entry points: a query, one hole of a text, one effect of `whatif` ----------
queryText   : MATCH pattern (COMMA pattern)* groupBy? queryStep* RETURN column (COMMA column)* orderBy? limit? EOF ;
queryStep   : LET ident EQ expr | WHERE expr ;
column      : expr (AS ident)? ;
orderBy     : ORDER BY orderKey (COMMA orderKey)* ;
orderKey    : expr (ASC | DESC)? ;
limit       : LIMIT INT ;
holeText    : expr EOF ;
effectText  : effect EOF ;

// ---------- file ----------
file        : packDecl? useDecl* item* EOF ;
packDecl    : DOC? PACK qname VERSION_KW VERSION packField* ;
packField   : REQUIRES ident cmp VERSION            // engine or schema requirement
            | ident text ;                          // license, owner, homepage …
useDecl     : DOC? USE qname versionRange? (AS ident)? ;
versionRange: (CARET | TILDE | cmp) VERSION ;
item        : paramDecl | defDecl | ruleDecl | overrideDecl | suppressDecl | testDecl ;

// ---------- parameters and definitions ----------
paramDecl   : DOC? PARAM qname COLON type EQ expr (RANGE rangeExpr)? ;
defDecl     : DOC? DEF ident LPAREN formals? RPAREN (ARROW type)? EQ expr ;
formals     : formal (COMMA formal)* ;
formal      : ident COLON type ;
type        : ident (LT type (COMMA type)* GT)? QUESTION? ;

// ---------- the three rule layers ----------
ruleDecl    : ruleHead clause* RBRACE ;
ruleHead    : DOC? (SYMPTOM | CAUSE | ADVICE) ident LPAREN formals? RPAREN LBRACE ;
clause      : APPLIES WHEN expr                                      # appliesClause
            | NEEDS qname (COMMA qname)*                             # needsClause
            | FOR atom (COMMA atom)*                                 # forClause
            | MATCH pattern (COMMA pattern)* groupBy?                # matchClause
            | LET ident EQ expr                                      # letClause
            | WHERE expr                                             # whereClause
            | EXPLAINS atom (COMMA atom)*                            # explainsClause
            | CONFIDENCE guarded                                     # confidenceClause
            | SEVERITY guarded                                       # severityClause
            | COSTS expr                                             # costsClause
            | RULES OUT (qname | text) WHEN expr (BECAUSE text)?     # rulesOutClause
            | (REQUIRES | CONFLICTS WITH | SUPERSEDES | OVERLAPS WITH) atom (COMMA atom)*  # relationClause
            | EFFECT (LBRACE effect* RBRACE | NONE BECAUSE text)     # effectClause
            | (TITLE | MESSAGE | FIX | LINK) text                    # textClause
            | EVIDENCE expr (COMMA expr)*                            # evidenceClause
            | CHANGE (CONF STRING EQ expr | ident text | ident EQ expr) (SCOPE ident)?  # changeClause
            | (CATEGORY | EFFORT | RISK | OBJECTIVE | STATUS | SINCE | TAGS) metaValue (COMMA metaValue)*  # metaClause
            ;
text        : STRING+ ;                                              // adjacent strings are one text
metaValue   : ident | literal ;
groupBy     : GROUP BY expr (COMMA expr)* AS ident ;
guarded     : expr WHEN expr (COMMA expr WHEN expr)* (COMMA expr OTHERWISE)?
            | expr ;
atom        : qname LPAREN (expr (COMMA expr)*)? RPAREN ;

// ---------- graph patterns: the ISO GQL subset ----------
pattern     : node (edge node)* ;
node        : LPAREN ident? (COLON label)? RPAREN ;
label       : ident (PIPE ident)* ;
edge        : MINUS (LBRACK ident? (COLON label)? RBRACK)? RARROW quant?
            | LARROW (LBRACK ident? (COLON label)? RBRACK)? MINUS quant? ;
quant       : LBRACE INT COMMA INT RBRACE ;                          // always bounded: reachability, never paths

// ---------- effects: transformations of the job model ----------
effect      : SET lvalue EQ expr
            | SCALE lvalue BY expr
            | CAP lvalue AT expr
            | DROP expr
            | REPLACE ident WITH ident (LPAREN namedArg (COMMA namedArg)* RPAREN)? ;
lvalue      : CONF STRING | path ;
namedArg    : ident EQ expr ;

// ---------- expressions: SQL precedence, one rule per level ----------
expr        : IF expr THEN expr ELSE expr | orExpr ;
orExpr      : andExpr (OR andExpr)* ;
andExpr     : notExpr (AND notExpr)* ;
notExpr     : NOT notExpr | cmpExpr ;
cmpExpr     : rangeExpr ( cmp rangeExpr
                        | NOT? IN (LPAREN expr (COMMA expr)+ RPAREN | rangeExpr)
                        | NOT? MATCHES text
                        | IS NOT? MISSING )? ;
rangeExpr   : coalesce (DOTDOT coalesce)? ;                          // 30%..60%
coalesce    : addExpr (QQ addExpr)* ;
addExpr     : mulExpr ((PLUS | MINUS) mulExpr)* ;
mulExpr     : unary ((STAR | SLASH | OF) unary)* ;                   // 5% of app.duration
unary       : MINUS unary | primary ;
primary     : literal
            | (EXISTS | COUNT | ALL) LBRACE pattern (WHERE expr)? RBRACE
            | call step*                                             // argmax(s.tasks by shuffle_read).id
            | path
            | CONF STRING
            | LPAREN expr RPAREN step* ;
call        : qname LPAREN (arg (COMMA arg)*)? RPAREN ;
arg         : expr (BY expr)? ;
path        : ident step* ;
step        : DOT name | LBRACK expr RBRACK ;                        // s.tasks[not speculative].run_time
cmp         : EQ | NEQ | LT | LE | GT | GE ;
literal     : QUANTITY | PERCENT | INT | FLOAT | STRING | VERSION | DATE | TRUE | FALSE ;
qname       : ident (DOT ident)* ;

// ---------- overrides and suppressions ----------
overrideDecl: overrideHead overrideItem* RBRACE ;
overrideHead: DOC? OVERRIDE qname LBRACE ;
overrideItem: PARAM qname EQ expr
            | SEVERITY expr
            | (DISABLE | ENABLE) because? ;
suppressDecl: DOC? SUPPRESS atom (WHERE expr)? because ;
because     : BECAUSE text (UNTIL DATE)? ;

// ---------- tests ----------
testDecl    : testHead testItem* RBRACE ;
testHead    : DOC? TEST STRING (FROM STRING)? LBRACE ;
testItem    : GIVEN ident (COMMA ident)* COLON ident props?              # givenNode
            | GIVEN LPAREN ident RPAREN givenHop+                        # givenPath
            | GIVEN CONF STRING EQ literal                               # givenConf
            | GIVEN PARAM qname EQ expr                                  # givenParam
            | GIVEN FINDING atom (COMMA atom)*                           # givenFinding
            | EXPECT expectation (COMMA expectation)*                    # expectations
            ;
givenHop    : MINUS LBRACK ident? COLON ident props? RBRACK RARROW LPAREN ident RPAREN ;
expectation : NOT? atom expectTail* ;
props       : LBRACE (prop (COMMA? prop)*)? RBRACE ;
prop        : (path | call) EQ (expr | sample) ;                     // the call: metric("spill size") = 2GiB
sample      : LBRACK run (COMMA run)* RBRACK ;                       // [60MiB x 199, 9GiB]
run         : expr (X INT)? ;
expectTail  : CONFIDENCE cmp expr | SEVERITY cmp expr | COUNT INT | SAVING expr
            | BECAUSE ident | (TITLE | MESSAGE) MATCHES text | SUPPRESSED BY atom ;

// Keywords that may also be names. Nothing here can follow an expression where it would start something else.
ident       : ID | CATEGORY | SCOPE | CHANGE | RETURN | EFFORT | RISK | STATUS | SINCE | TAGS | X | AT | BY | TITLE | LINK
            | FIX | COUNT | ALL | FROM | SAVING | GROUP | SEVERITY | CONFIDENCE | CONF | MISSING | SCALE | CAP | SET | DROP
            | EVIDENCE | MESSAGE | NEEDS | COSTS | RULES | OUT | NONE | ORDER | LIMIT | ASC | DESC | FINDING ;
// After a dot every keyword is a name.
name        : ident | VERSION_KW | RANGE | TEST | USE | AS | PARAM | FOR | OBJECTIVE | CAUSE | SYMPTOM | ADVICE | EFFECT
            | MATCH | WHERE | LET | PACK | DEF | WITH | IF | THEN | ELSE | OR | AND | NOT | IN | IS | OF | WHEN
            | OTHERWISE | REPLACE | EXPLAINS | REQUIRES | UNTIL | BECAUSE | ENABLE | DISABLE | EXISTS | MATCHES | APPLIES
            | GIVEN | EXPECT | SUPPRESS | SUPPRESSED | OVERRIDE | CONFLICTS | SUPERSEDES | OVERLAPS ;
