using System.Globalization;
using System.Text;
using CsCheck;
using OrleansGeo.Protocol.Crdts;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Tests.Protocol.Crdts;

/// <summary>A merge depends on what has arrived, not on how: any fields at all, even such as no region would write.</summary>
public sealed class CrdtMergeTests
{
    private static readonly string[] _rows = ["r0", "r1", "r2"];

    private static readonly Gen<RecordVersion> _version = Gen.Select(Gen.Int[1, 2], Gen.Int[1, 6], static (epoch, position) => new RecordVersion(epoch, new(position)));

    private static readonly Gen<CrdtField> _field = Gen.Select(
        Gen.Bool,
        Gen.Select(Gen.Int[0, 2], _version, Gen.Bool).Array[0, 3],
        Gen.Select(Gen.Bool, Gen.Int[0, 3], Gen.Int[0, 2]),
        Gen.Int[0, 9],
        static (isPresent, seen, time, value) => new CrdtField
        {
            IsPresent = isPresent,
            Seen = [.. seen.DistinctBy(static one => one.Item1).OrderBy(static one => one.Item1).Select(static one => new SeenField(_rows[one.Item1], one.Item2, one.Item3))],
            Time = time.Item1 ? new HybridTime(time.Item2, time.Item3) : null,
            Value = Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture)),
        });

    /// <summary>A row's log: fields under two keys, some deleted.</summary>
    private static readonly Gen<StateRecord[]> _log = Gen.Select(_version, Gen.Bool, Gen.Bool, _field).Array[0, 8].Select(static entries => entries
        .DistinctBy(static entry => entry.Item1)
        .OrderBy(static entry => entry.Item1.Epoch).ThenBy(static entry => entry.Item1.Position)
        .Select(static entry => new StateRecord(
            entry.Item2 ? "s\u001Fa" : "s\u001Fb", entry.Item1, entry.Item3 ? CrdtFieldCodec.Encode(entry.Item4) : default(ReadOnlyMemory<byte>?)))
        .ToArray());

    [Fact]
    public void It_is_commutative_associative_and_idempotent() =>
        Gen.Select(_log, _log, _log, Gen.Select(Gen.Int[0, 2], Gen.Int[1, 4], Gen.Int[0, 3]).Array[0, 30]).Sample(static (first, second, third, steps) =>
        {
            StateRecord[][] logs = [first, second, third];
            var inTurn = View();
            for (var row = 0; row < _rows.Length; row++)
            {
                inTurn.Apply(_rows[row], logs[row], logs[row].Length == 0 ? RecordVersion.None : logs[row][^1].Version);
            }

            var interleaved = View();
            var at = new int[_rows.Length];
            foreach (var (row, count, repeats) in steps.Concat(Enumerable.Range(0, _rows.Length).Select(static row => (row, 99, 1))))
            {
                var to = Math.Min(logs[row].Length, at[row] + count);
                var part = logs[row][Math.Max(0, at[row] - repeats)..to];
                if (part.Length > 0)
                {
                    interleaved.Apply(_rows[row], part, part[^1].Version);
                }

                at[row] = to;
            }

            Assert.Equal(Shown(inTurn), Shown(interleaved));
        });

    private static CrdtView View() => new("s", "me", [.. _rows, "me"], incarnation: 1);

    private static string Shown(CrdtView view) => string.Join(
        '\n',
        view.Keys.Select(key => $"{key} {string.Join('|', view.Values(key).Select(static value => Encoding.UTF8.GetString(value.Span)))} {Encoding.UTF8.GetString(view.Last(key)!.Value.Span)}")
            .Append($"{view.Count} {view.Overruled}")
            .Concat(_rows.SelectMany(view.RowOf).Select(static state => $"{state.Name} {state.Version} {Convert.ToHexString(state.Bytes)}").Order(StringComparer.Ordinal)));
}
