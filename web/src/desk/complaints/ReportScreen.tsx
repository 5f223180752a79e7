import { Table } from 'antd';
import { zh } from '../../locales/zh';
import { screensApi } from '../apiScreens';
import { LazyChart } from '../charts/LazyChart';
import { barsByName } from '../charts/options';
import { useDesk } from '../deskContext';
import { Failed, Loading, Nothing } from '../states';
import { hashOf } from '../useHashRoute';
import { useLoaded } from '../useLoaded';

const words = zh.desk.Report;
const MONTHS = 6;

/** Complaints by cause over the months; behind each bar stand its cases. */
export default function ReportScreen() {
  const { go } = useDesk();
  const { value, failure, reload } = useLoaded('report', () => screensApi.report(MONTHS));
  if (!value) return failure ? <Failed error={failure} onRetry={reload} /> : <Loading />;
  const sum = (causes: Record<string, number>) => Object.values(causes).reduce((all, count) => all + count, 0);
  const isEmpty = value.months.every(({ causes }) => sum(causes) === 0);
  const series = value.causes.map(({ cause, title }) => ({ name: title, data: value.months.map(({ causes }) => causes[cause] ?? 0) }));
  const openCases = (monthIndex: number, causeIndex: number) => {
    const [month, cause] = [value.months[monthIndex]?.month, value.causes[causeIndex]?.cause];
    if (month && cause) go({ screen: 'complaints', query: { month, cause } });
  };
  const columns = [
    { title: words.month, dataIndex: 'month', render: (month: string) => words.yearMonth(month) },
    ...value.causes.map(({ cause, title }) => ({
      title, key: cause, align: 'right' as const,
      render: (_: unknown, { month, causes }: { month: string; causes: Record<string, number> }) =>
        causes[cause] ? <a href={hashOf({ screen: 'complaints', query: { month, cause } })}>{causes[cause]}</a> : 0,
    })),
    {
      title: words.total, key: 'total', align: 'right' as const,
      render: (_: unknown, { month, causes }: { month: string; causes: Record<string, number> }) =>
        sum(causes) ? <a href={hashOf({ screen: 'complaints', query: { month } })}>{sum(causes)}</a> : 0,
    },
    { title: words.satisfaction, dataIndex: 'satisfaction', align: 'right' as const, render: (score: number | null) => score?.toFixed(1) ?? words.none },
  ];
  return (
    <div className="desk-page">
      <header className="desk-screen-head"><h2>{words.title}</h2></header>
      {isEmpty ? <Nothing text={words.empty} /> : (
        <>
          <section className="desk-card">
            <h3>{words.byCause}</h3>
            <LazyChart option={barsByName(value.months.map(({ month }) => words.monthOf(month)), series, true)} label={words.byCause} height={300}
              onPick={({ dataIndex, seriesIndex }) => openCases(dataIndex, seriesIndex)} />
          </section>
          <section className="desk-card">
            <Table rowKey="month" size="small" pagination={false} scroll={{ x: 'max-content' }} dataSource={[...value.months].reverse()} columns={columns} />
          </section>
        </>
      )}
    </div>
  );
}
