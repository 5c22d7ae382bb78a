import { safeReport } from './safe-report.js';

describe('safeReport', () => {
  const event = { type: 'warning', code: 'WORK_X', message: 'look' } as const;
  afterEach(() => void jest.restoreAllMocks());

  it('passes each event on', () => {
    const report = jest.fn();
    safeReport(report)(event);
    expect(report.mock.calls).toEqual([[event]]);
  });

  it('makes a warning of the process of what the application throws', () => {
    const emitWarning = jest.spyOn(process, 'emitWarning').mockReturnValue();
    const error = new Error('no such metric');
    safeReport(() => {
      throw error;
    })(event);
    expect(emitWarning.mock.calls).toEqual([[error, 'WorkReportWarning']]);
  });
});
