// Bills of materials (CycloneDX) of the package and of the image. What Node and Pact's native part are made of is theirs to
// list.
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { Contrib, Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { isList, parseObject, textAt, valueAt } from '../src/util/json.ts';
import { noticeOf } from './licences.ts';

type Optional = Models.OptionalComponentProperties;

const licences = new Contrib.License.Factories.LicenseFactory((text) => {
  if (!/ (?:OR|AND|WITH) /.test(text)) throw new RangeError(`${text} is no expression of licences.`);
});

/** Integrity hashes of packages, by their folders. */
const locked = valueAt(parseObject(await readFile('package-lock.json', 'utf8')), ['packages']);

/** What is known of a package of npm. @param folder has its package.json. @throws if it has no name or version. */
export async function packageIn(folder: string): Promise<Models.Component> {
  const manifest = parseObject(await readFile(join(folder, 'package.json'), 'utf8'));
  const [name, version] = [textAt(manifest, 'name'), textAt(manifest, 'version')];
  if (name === undefined || version === undefined) throw new Error(`${folder}/package.json has no name or version.`);
  const integrity = textAt(valueAt(locked, [relative('', folder)]), 'integrity');
  const hash = integrity === undefined ? [] : [Contrib.FromNodePackageJson.Utils.parsePackageIntegrity(integrity)];
  const [group, short = name] = name.split('/');
  // Some old packages have a list.
  const licence = textAt(manifest, 'license') ?? textAt(valueAt(manifest, ['licenses', '0']), 'type');
  return componentOf(short, version, licence, {
    ...(group === undefined || short === name ? {} : { group }),
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
    hashes: new Models.HashDictionary(hash),
  });
}

/** @param licence an identifier or expression of SPDX, or another name. */
export function componentOf(name: string, version: string, licence?: string, more: Optional = {}): Models.Component {
  const licenses = new Models.LicenseRepository(licence === undefined ? [] : [licences.makeFromString(licence)]);
  const bomRef = more.purl ?? `${name}@${version}`;
  return new Models.Component(Enums.ComponentType.Library, name, { bomRef, version, licenses, ...more });
}

/** The bill of the package. @param folders those of the packages that are bundled into it. */
export async function billOfPackage(folders: readonly string[]): Promise<string> {
  const schemas = componentOf((await noticeOf()).split(',')[0] ?? '', '3.0, 3.1', 'Apache-2.0');
  schemas.type = Enums.ComponentType.Data;
  const main = await packageIn('.');
  main.type = Enums.ComponentType.Application;
  return billOf(main, [...(await Promise.all(folders.map(packageIn))), schemas]);
}

/** The bill of an image. @param bill that of the package in it. @param components what is in it beside the package. */
export function billOfImage(bill: string, image: Models.Component, components: readonly Models.Component[]): string {
  const inside = parseObject(bill) ?? {};
  const main = valueAt(inside, ['metadata', 'component']);
  const [name, version, purl] = ['name', 'version', 'purl'].map((each) => textAt(main, each) ?? '');
  const packed = componentOf(name ?? '', version ?? '', undefined, { purl: purl ?? '' });
  const outside = parseObject(billOf(image, [packed, ...components])) ?? {};
  const merged = {
    ...outside,
    components: unique('bom-ref', [main], inside.components, outside.components),
    dependencies: unique('ref', inside.dependencies, outside.dependencies),
  };
  return `${JSON.stringify(merged, null, 1)}\n`;
}

/** The first of each name in some lists. */
function unique(name: string, ...lists: readonly unknown[]): unknown[] {
  const found = new Map<unknown, unknown>();
  for (const each of lists.flatMap((list) => (isList(list) ? list : []))) {
    const key = valueAt(each, [name]);
    if (!found.has(key)) found.set(key, each);
  }
  return [...found.values()];
}

function billOf(main: Models.Component, components: readonly Models.Component[]): string {
  // Some packages are in several folders.
  const once = new Map(components.map((each) => [each.bomRef.value, each])).values();
  const bom = new Models.Bom({ components: new Models.ComponentRepository(once) });
  bom.metadata.component = main;
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.Build);
  for (const { bomRef } of bom.components) main.dependencies.add(bomRef);
  const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 1 })}\n`;
}
