import type { ChangeRule } from '../../../tools/change-rule.ts';
import { rule as entityAdded } from './entity-added.ts';
import { rule as entityJoinKey } from './entity-join-key.ts';
import { rule as entityRemoved } from './entity-removed.ts';
import { rule as entityRenamed } from './entity-renamed.ts';
import { rule as entityType } from './entity-type.ts';
import { rule as featureAdded } from './feature-added.ts';
import { rule as featureGone } from './feature-gone.ts';
import { rule as featureMaskUsed } from './feature-mask-used.ts';
import { rule as featureMasked } from './feature-masked.ts';
import { rule as featureMissingAllowed } from './feature-missing-allowed.ts';
import { rule as featureMissingRefused } from './feature-missing-refused.ts';
import { rule as featureNarrowed } from './feature-narrowed.ts';
import { rule as featureRangeNarrowed } from './feature-range-narrowed.ts';
import { rule as featureRangeWidened } from './feature-range-widened.ts';
import { rule as featureRemoved } from './feature-removed.ts';
import { rule as featureRenamed } from './feature-renamed.ts';
import { rule as featureType } from './feature-type.ts';
import { rule as featureTypeUnused } from './feature-type-unused.ts';
import { rule as featureUnit } from './feature-unit.ts';
import { rule as featureUnitStated } from './feature-unit-stated.ts';
import { rule as featureUnitUnused } from './feature-unit-unused.ts';
import { rule as featureWindow } from './feature-window.ts';
import { rule as featureWindowHistory } from './feature-window-history.ts';
import { rule as freshnessLoosened } from './freshness-loosened.ts';
import { rule as freshnessTightened } from './freshness-tightened.ts';
import { rule as ttlLengthened } from './ttl-lengthened.ts';
import { rule as ttlShortened } from './ttl-shortened.ts';
import { rule as ttlUnused } from './ttl-unused.ts';
import { rule as viewAdded } from './view-added.ts';
import { rule as viewEntities } from './view-entities.ts';
import { rule as viewOnlineOff } from './view-online-off.ts';
import { rule as viewOnlineOn } from './view-online-on.ts';
import { rule as viewOnlineUnused } from './view-online-unused.ts';
import { rule as viewQuality } from './view-quality.ts';
import { rule as viewRemoved } from './view-removed.ts';
import { rule as viewRemovedUnused } from './view-removed-unused.ts';
import { rule as viewRenamed } from './view-renamed.ts';
import { rule as viewRenamedUnused } from './view-renamed-unused.ts';
import { rule as viewTable } from './view-table.ts';
import { rule as viewTimes } from './view-times.ts';

export const features: readonly ChangeRule[] = [
  entityAdded,
  entityJoinKey,
  entityRemoved,
  entityRenamed,
  entityType,
  featureAdded,
  featureGone,
  featureMaskUsed,
  featureMasked,
  featureMissingAllowed,
  featureMissingRefused,
  featureNarrowed,
  featureRangeNarrowed,
  featureRangeWidened,
  featureRemoved,
  featureRenamed,
  featureType,
  featureTypeUnused,
  featureUnit,
  featureUnitStated,
  featureUnitUnused,
  featureWindow,
  featureWindowHistory,
  freshnessLoosened,
  freshnessTightened,
  ttlLengthened,
  ttlShortened,
  ttlUnused,
  viewAdded,
  viewEntities,
  viewOnlineOff,
  viewOnlineOn,
  viewOnlineUnused,
  viewQuality,
  viewRemoved,
  viewRemovedUnused,
  viewRenamed,
  viewRenamedUnused,
  viewTable,
  viewTimes,
];
