import { App as AntApp, ConfigProvider } from 'antd';
import zhCN from 'antd/locale/zh_CN';
import { createRoot } from 'react-dom/client';
import { zh } from '../locales/zh';
import { Fallback } from '../parts/Fallback';
import './desk.less';
import { DeskGate } from './DeskGate';

const THEME = { token: { colorPrimary: '#0f6b5c', borderRadius: 8, fontFamily: 'var(--fx-font)', fontSize: 15, colorTextPlaceholder: '#66737d', colorTextTertiary: '#5f6b75', colorLink: '#0b5a4d', colorError: '#b3261e', colorSuccess: '#1f7a3d' } };

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <ConfigProvider locale={zhCN} theme={THEME} button={{ autoInsertSpace: false }}>
      <AntApp className="desk-app">
        <Fallback instead={<p className="desk-crashed">{zh.desk.Error.crashed}</p>}>
          <DeskGate />
        </Fallback>
      </AntApp>
    </ConfigProvider>,
  );
}
