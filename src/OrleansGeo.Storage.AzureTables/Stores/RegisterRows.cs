using System.Collections.Concurrent;
using Azure;
using Azure.Data.Tables;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Storage.AzureTables.Stores;

/// <summary>The registers: one row each, written under its ETag. What is remembered of a row saves reading it before it is written, and never decides a refusal.</summary>
internal sealed class RegisterRows(StoreTable table)
{
    private const int Attempts = 32;

    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);

    public async Task<AcceptorState> ReadAsync(string register, CancellationToken cancellationToken) =>
        (await LoadAsync(register, cancellationToken).ConfigureAwait(false)).State;

    /// <summary>Messages to one register take effect one after the other, in the order in which they were made.</summary>
    public async Task<RegisterTaken> TakeAsync(string register, RegisterMessage message)
    {
        var slot = _slots.GetOrAdd(register, static _ => new());
        await slot.Turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return await TakeAsync(slot, register, message).ConfigureAwait(false);
        }
        finally
        {
            slot.Turn.Release();
        }
    }

    private async Task<RegisterTaken> TakeAsync(Slot slot, string register, RegisterMessage message)
    {
        var (known, slotRow) = (slot.Row, slot.Row);
        slot.Row = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var row = slotRow ?? await LoadAsync(register, CancellationToken.None).ConfigureAwait(false);
            var granted = AcceptorRules.Take(row.State, message, out var next);
            if (ReferenceEquals(next, row.State))
            {
                if (ReferenceEquals(row, known))
                {
                    // Another process may have changed it since.
                    slotRow = null;
                    continue;
                }

                slot.Row = row;
                return new(granted, next);
            }

            // The caller may use its buffer again.
            next = next with { Value = next.Value.ToArray() };
            var write = Guid.NewGuid();
            var result = await table.CommitAsync([Write(register, row, next, write)], write, $"write the register {register}").ConfigureAwait(false);
            if (result.Applied)
            {
                slot.Row = result.AnchorETag == default ? null : new(next, result.AnchorETag);
                return new(granted, next);
            }

            slotRow = Read(register, result.Anchor);
        }

        throw table.Failures.Unavailable($"cannot write the register {register}: other writers were first {Attempts} times");
    }

    private async Task<Row> LoadAsync(string register, CancellationToken cancellationToken) => Read(
        register, await table.FindAsync(StoreKeys.RegisterPartition(register), StoreKeys.Register, cancellationToken).ConfigureAwait(false));

    private static TableTransactionAction Write(string register, Row row, AcceptorState next, Guid write)
    {
        var name = KeyText.Units(register);
        var entity = new TableEntity(StoreKeys.RegisterPartition(register), StoreKeys.Register)
        {
            ["Name"] = name,
            ["Promised"] = next.Promised.Counter,
            ["PromisedRegion"] = next.Promised.Region.Name,
            ["PromisedBoot"] = next.Promised.Boot,
            ["Accepted"] = next.Accepted.Counter,
            ["AcceptedRegion"] = next.Accepted.Region.Name,
            ["AcceptedBoot"] = next.Accepted.Boot,
            ["Sum"] = ChecksumOf(name, next.Promised, next.Accepted, next.Value.Span),
            [StoreTable.Write] = write,
        };
        Payload.Put(entity, next.Value.Span);
        return row.ETag == default
            ? new(TableTransactionActionType.Add, entity)
            : new(TableTransactionActionType.UpdateReplace, entity, row.ETag);
    }

    /// <exception cref="RegionStoreException">It is damaged: an acceptor that takes it for new breaks every promise it made.</exception>
    private Row Read(string register, TableEntity? entity)
    {
        if (entity is null)
        {
            return new(AcceptorState.Empty, default);
        }

        var value = Payload.Take(entity);
        return BallotOf(entity, "Promised") is { } promised
            && BallotOf(entity, "Accepted") is { } accepted
            && ChecksumOf(KeyText.Units(register), promised, accepted, value) == entity.GetInt64("Sum")
                ? new(new(promised, accepted, value), entity.ETag)
                : throw table.Failures.Corrupt($"the register {register} fails its checksum");
    }

    private static Ballot? BallotOf(TableEntity entity, string name)
    {
        var region = entity.GetString(name + "Region") ?? "";
        return entity.GetInt64(name) is { } counter && entity.GetInt64(name + "Boot") is { } boot && (region.Length == 0 || RegionId.IsValid(region))
            ? new(counter, region.Length > 0 ? new RegionId(region) : default, boot)
            : null;
    }

    private static long ChecksumOf(ReadOnlySpan<byte> name, Ballot promised, Ballot accepted, ReadOnlySpan<byte> value) => Checksum.Of(
        value,
        Checksum.Of(name),
        promised.Counter, Checksum.Of(promised.Region.Name), promised.Boot,
        accepted.Counter, Checksum.Of(accepted.Region.Name), accepted.Boot);

    private sealed record Row(AcceptorState State, ETag ETag);

    private sealed class Slot
    {
        public SemaphoreSlim Turn { get; } = new(1);

        /// <summary>The row as this process saw it last; used in turn only.</summary>
        public Row? Row { get; set; }
    }
}
