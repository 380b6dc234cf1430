// What a dashboard of ours may be: Grafana's own types, and for each kind of panel its options.
import type { Dashboard, Panel, RowPanel } from '@grafana/schema';
import type * as Stat from '@grafana/schema/dist/esm/raw/composable/stat/panelcfg/x/StatPanelCfg_types.gen';
import type * as StateTimeline from '@grafana/schema/dist/esm/raw/composable/statetimeline/panelcfg/x/StateTimelinePanelCfg_types.gen';
import type * as Table from '@grafana/schema/dist/esm/raw/composable/table/panelcfg/x/TablePanelCfg_types.gen';
import type * as TimeSeries from '@grafana/schema/dist/esm/raw/composable/timeseries/panelcfg/x/TimeSeriesPanelCfg_types.gen';

// JSON has the values of enumerations, not their names.
type Plain<T> = T extends string
  ? `${T}`
  : T extends number | boolean | null | undefined
    ? T
    : T extends Array<infer U>
      ? Array<Plain<U>>
      : T extends object
        ? { [K in keyof T]: Plain<T[K]> }
        : T;

// The package has no types for queries of InfluxDB; these are the ones we write.
interface Asked {
  refId: string;
  datasource: { type: 'influxdb'; uid: string };
}

interface InfluxQL extends Asked {
  query: string;
  rawQuery: true;
  resultFormat: 'time_series' | 'table';
  alias?: string;
}

// Nor for those of Prometheus.
interface PrometheusQuery {
  refId: string;
  datasource: { type: 'prometheus'; uid: string };
  expr: string;
  legendFormat: string;
  instant: boolean;
  range: boolean;
  format: 'time_series' | 'table';
}

interface Flux extends Asked {
  query: string;
}

interface Sql extends Asked {
  rawSql: string;
  rawQuery: true;
  format: 'time_series' | 'table';
}

interface Defaults<Custom> extends Omit<NonNullable<Plain<Panel>['fieldConfig']>['defaults'], 'custom'> {
  custom?: Plain<Custom>;
}

interface Kind<Type extends string, Options, Custom>
  extends Omit<Plain<Panel>, 'type' | 'options' | 'targets' | 'fieldConfig'> {
  type: Type;
  options: Plain<Options>;
  targets: InfluxQL[] | Flux[] | Sql[] | PrometheusQuery[];
  fieldConfig: Omit<NonNullable<Plain<Panel>['fieldConfig']>, 'defaults'> & {
    defaults: Defaults<Custom>;
  };
}

type Row = Omit<Plain<RowPanel>, 'panels'> & { panels: [] };

export type Checked = Omit<Plain<Dashboard>, 'panels'> & {
  panels: Array<
    | Row
    | Kind<'stat', Stat.Options, never>
    | Kind<'state-timeline', StateTimeline.Options, StateTimeline.FieldConfig>
    | Kind<'table', Table.Options, Partial<Table.FieldConfig>>
    | Kind<'timeseries', TimeSeries.Options, TimeSeries.FieldConfig>
  >;
};
