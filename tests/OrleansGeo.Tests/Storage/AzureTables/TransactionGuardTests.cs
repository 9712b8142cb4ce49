using Azure.Data.Tables;
using OrleansGeo.Storage;
using OrleansGeo.Storage.AzureTables.Stores;

namespace OrleansGeo.Tests.Storage.AzureTables;

/// <summary>What an emulator lets through and Azure does not, never leaves this process.</summary>
public sealed class TransactionGuardTests
{
    [Fact]
    public void At_the_limits_a_transaction_passes()
    {
        TransactionGuard.Check([.. Enumerable.Range(0, 100).Select(i => Put($"{i}"))]);
        TransactionGuard.Check([Put("a", 64 * 1024)]);
        TransactionGuard.Check([Put(new string('k', 512))]);

        // Three rows of the most bytes that the store puts into one.
        TransactionGuard.Check([.. Enumerable.Range(0, 3).Select(i => Put($"{i}", [.. Enumerable.Repeat(60 * 1024, 15)]))]);
    }

    [Fact]
    public void What_is_too_large_is_told_with_its_limit()
    {
        ExpectTooLarge("101 operations", [.. Enumerable.Range(0, 101).Select(i => Put($"{i}"))]);
        ExpectTooLarge("65537 bytes", [Put("a", (64 * 1024) + 1)]);
        ExpectTooLarge("1026 bytes", [Put(new string('k', 513))]);
        ExpectTooLarge("253 properties", [Put("a", [.. Enumerable.Repeat(1, 253)])]);
        ExpectTooLarge("1048576 bytes", [Put("a", [.. Enumerable.Repeat(64 * 1024, 16)])]);
        ExpectTooLarge("4194304 bytes", [.. Enumerable.Range(0, 4).Select(i => Put($"{i}", [.. Enumerable.Repeat(60 * 1024, 15)]))]);
    }

    [Fact]
    public void A_key_that_cannot_be_is_the_stores_mistake()
    {
        foreach (var unit in (char[])['/', '\\', '#', '?', '\n', '\0', '\u007f', '\u0085', '\ud83d'])
        {
            Assert.Throws<InvalidOperationException>(() => TransactionGuard.Check([Put($"a{unit}b")]));
        }
    }

    [Fact]
    public void A_transaction_is_of_one_partition_and_names_a_row_once()
    {
        var other = new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("q", "b"));
        Assert.Throws<InvalidOperationException>(() => TransactionGuard.Check([Put("a"), other]));
        Assert.Throws<InvalidOperationException>(() => TransactionGuard.Check([Put("a"), Put("a")]));
        Assert.Throws<InvalidOperationException>(() => TransactionGuard.Check([]));
    }

    private static TableTransactionAction Put(string row, params ReadOnlySpan<int> sizes)
    {
        var entity = new TableEntity("p", row);
        for (var i = 0; i < sizes.Length; i++)
        {
            entity[$"D{i:00}"] = new byte[sizes[i]];
        }

        return new(TableTransactionActionType.UpsertReplace, entity);
    }

    private static void ExpectTooLarge(string words, TableTransactionAction[] actions)
    {
        var failure = Assert.Throws<RegionStoreException>(() => TransactionGuard.Check(actions));
        Assert.Equal(RegionStoreFailure.TooLarge, failure.Failure);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
    }
}
