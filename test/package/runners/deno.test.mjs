import * as gradelanes from 'gradelanes';
import * as testing from 'gradelanes/testing';
import matrix from './matrix.cjs';

// Deno brings no fake timers.
matrix.registerMatrix((name, fn) => Deno.test(name, fn), { gradelanes, testing });
