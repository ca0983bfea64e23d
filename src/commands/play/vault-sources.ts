import { useVaultSources, type VaultSource } from '../../secrets/vault-keys.ts';
import type { Io } from '../output/io.ts';
import type { VaultOptions } from './options.ts';

/**
 * Takes the vault passwords from the sources on the command line. Asks for those to be typed; files are read when they
 * are needed.
 * @throws RunError if the user must be asked and can't be.
 */
export async function openVaults(options: VaultOptions, io: Pick<Io, 'askSecret'>): Promise<void> {
  const sources: VaultSource[] = [];
  for (const id of options.vaultId ?? []) {
    const at = id.indexOf('@');
    const label = id.slice(0, Math.max(at, 0)) || 'default';
    const source = id.slice(at + 1);
    sources.push(source === 'prompt' ? { label, password: await ask(label, io) } : { label, file: source });
  }
  for (const file of options.vaultPasswordFile ?? []) sources.push({ label: 'default', file });
  if (options.askVaultPass) sources.push({ label: 'default', password: await ask('default', io) });
  useVaultSources(sources);
}

async function ask(label: string, io: Pick<Io, 'askSecret'>): Promise<string> {
  return (await io.askSecret(`Vault password${label === 'default' ? '' : ` (${label})`}: `)).trim();
}
