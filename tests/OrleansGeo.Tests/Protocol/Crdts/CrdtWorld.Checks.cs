using System.Globalization;
using System.Text;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Tests.Protocol.Control;

namespace OrleansGeo.Tests.Protocol.Crdts;

internal sealed partial class CrdtWorld
{
    private const string LastKey = "z";

    private void Check(CrdtReplica replica)
    {
        var shown = Show(replica.View);
        var expected = _model.Show(Known(replica));
        Hold("causal", shown == expected, $"{_rows[replica.Self]} shows '{shown}', the model '{expected}'");
    }

    private void End()
    {
        Meet();
        Meet();
        Overruled = _model.Overruled();
        Judge();
        if (_kind == CrdtKind.Counter)
        {
            return;
        }

        for (var round = 0; round < 8; round++)
        {
            foreach (var replica in _replicas)
            {
                Operate(replica, LastKey, 1);
            }

            Meet();
        }

        Overruled = _model.Overruled();
        Judge();
        var fields = _rows.Select((_, row) => Record(row, _logs[row].Count).Values.Count(static state => state.Bytes is not null && state.Name.StartsWith("state\u001F", StringComparison.Ordinal))).Sum();
        var bound = _model.LiveFields() + _rows.Length;
        Hold("bounded", fields <= bound, $"{fields} fields are left, {bound} are enough");
    }

    private void Judge()
    {
        foreach (var replica in _replicas)
        {
            Check(replica);
            Hold("overruled", replica.View.Overruled == Overruled, $"{_rows[replica.Self]} counts {replica.View.Overruled}, the model {Overruled}");
            for (var row = 0; row < _rows.Length; row++)
            {
                var wanted = Record(row, _logs[row].Count).Values.Where(static state => state.Bytes is not null)
                    .Select(static state => $"{state.Name} {state.Version} {Convert.ToHexString(state.Bytes!.Value.Span)}").Order(StringComparer.Ordinal);
                var had = replica.View.RowOf(_rows[row]).Select(static state => $"{state.Name} {state.Version} {Convert.ToHexString(state.Bytes)}").Order(StringComparer.Ordinal);
                Hold("converged", wanted.SequenceEqual(had), $"{_rows[replica.Self]} has another row {_rows[row]} than its owner");
            }
        }
    }

    private string Show(CrdtView view) => _kind switch
    {
        CrdtKind.Counter => view.Total.ToString(CultureInfo.InvariantCulture),
        CrdtKind.Set => string.Join(' ', view.Keys),
        CrdtKind.Map => string.Join(' ', view.Keys.Select(key => $"{key}={Text(view.Last(key)!.Value)}")),
        _ => string.Join(' ', view.Keys.Select(key => $"{key}={string.Join('|', view.Values(key).Select(Text))}")),
    };

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private static void Hold(string promise, bool isKept, string otherwise)
    {
        if (!isKept)
        {
            throw new Violation($"{promise}: {otherwise}");
        }
    }
}
