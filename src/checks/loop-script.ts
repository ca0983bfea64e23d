import { RunError } from '../diagnostics/errors.ts';
import { lines, type Sh, sh } from '../sh/sh.ts';

/**
 * What both ends share. The frame is a broadcast with an EtherType that IEEE 802 reserves for local
 * experiments, so no program takes it for something else. Perl has packet sockets without any module, and
 * Debian always has perl-base. packet(7): struct sockaddr_ll; 17 is AF_PACKET, 3 SOCK_RAW.
 */
const socket = `use strict; use warnings; $| = 1;
my ($interface, $mark, $number) = @ARGV;
$SIG{__DIE__} = sub { print "$mark cannot $_[0]"; exit };
sub sys { open(my $f, "<", "/sys/class/net/$interface/$_[0]") or die "no interface $interface\\n"; my $l = <$f>; chomp $l; $l }
my $to = pack("S n l S C C a8", 17, 0x88b5, sys("ifindex"), 1, 0, 6, "\\xff" x 6);
socket(my $s, 17, 3, unpack("S", pack("n", 0x88b5))) or die "packet socket: $!\\n";
`;

/** Counts frames by their number until it is stopped; ignores frames that this host sends. */
const listen = `${socket}bind($s, $to) or die "bind to $interface: $!\\n";
my (%heard, $total);
my $stop = sub { print "$mark heard $_ $heard{$_}\\n" for sort keys %heard; print "$mark end\\n"; exit };
$SIG{TERM} = $SIG{ALRM} = $stop; alarm $number;
print "$mark ready $$\\n";
while (1) {
  my $from = recv($s, my $frame, 2048, 0); next unless defined $from;
  next if (unpack("S n l S C", $from))[4] == 4;
  if (substr($frame, 14) =~ /^\\Q$mark\\E (\\d+) /) { $heard{$1}++; $stop->() if ++$total >= 1000 }
}
`;

const send = `${socket}my $mac = join "", map { chr hex } split /:/, sys("address");
defined send($s, pack("a60", ("\\xff" x 6) . $mac . pack("n", 0x88b5) . "$mark $number "), 0, $to) or die "send: $!\\n";
print "$mark sent\\n";
`;

/** Seconds after which a listener ends if nobody stops it. */
export const listenFor = 30;

/** Prints when it is ready, and at its end what it has received; ends by itself after this many seconds. */
export function listenScript(link: string, mark: string, seconds: number): Sh {
  return perl(listen, link, mark, seconds);
}

/** Sends one frame with this number. */
export function sendScript(link: string, mark: string, number: number): Sh {
  return perl(send, link, mark, number);
}

export function stopScript(pid: number): Sh {
  return sh`kill -TERM ${pid}`;
}

function perl(program: string, link: string, mark: string, number: number): Sh {
  return lines(
    sh`if ! command -v perl >/dev/null; then echo ${`${mark} cannot perl is not installed`}; exit 0; fi`,
    sh`exec perl -e ${program} ${link} ${mark} ${number}`,
  );
}

/** The output of a loop script so far. */
export interface LoopAnswer {
  /** The listener's, once it listens. */
  readonly pid?: number;
  readonly sent: boolean;
  readonly ended: boolean;
  /** How often each number was received. */
  readonly heard: ReadonlyMap<number, number>;
  /** Why the check can't be made here. */
  readonly cannot?: string;
}

/** @throws RunError `protocol` for a line that our scripts don't print. */
export function readLoopAnswer(output: string, mark: string): LoopAnswer {
  const heard = new Map<number, number>();
  let answer: Omit<LoopAnswer, 'heard'> = { sent: false, ended: false };
  for (const line of output.split('\n').slice(0, -1)) {
    const [start, verb = '', first = '', second = ''] = line.split(' ');
    const rest = line.slice(`${mark} cannot `.length);
    if (start !== mark) throw garbage(line);
    else if (verb === 'ready' && /^[1-9]\d{0,9}$/.test(first)) answer = { ...answer, pid: Number(first) };
    else if (verb === 'heard' && /^\d{1,6} \d{1,6}$/.test(`${first} ${second}`))
      heard.set(Number(first), Number(second));
    else if (verb === 'sent') answer = { ...answer, sent: true };
    else if (verb === 'end') answer = { ...answer, ended: true };
    else if (verb === 'cannot') answer = { ...answer, cannot: rest };
    else throw garbage(line);
  }
  return { ...answer, heard };
}

function garbage(line: string): RunError {
  return new RunError(
    'protocol',
    `the host's answer has a line that no check of ours prints: ${JSON.stringify(line.slice(0, 200))}`,
  );
}
