using System.Diagnostics;
using CsCheck;
using OrleansGeo.Simulation;
using Xunit.Abstractions;
using DocumentOperation = OrleansGeo.Tests.Histories.Operation<OrleansGeo.Tests.Histories.DocumentAction, OrleansGeo.Tests.Histories.DocumentAnswer>;

namespace OrleansGeo.Tests.Histories;

/// <summary>The checker on any number of histories. A failure prints its seed; <c>CsCheck_Seed=… dotnet test --filter LinearizabilityPropertyTests</c> repeats it.</summary>
public sealed class LinearizabilityPropertyTests(ITestOutputHelper output)
{
    private static readonly Gen<(ulong Seed, int Clients, int Lost, bool Versions, int Operations)> Worlds =
        Gen.Select(Gen.ULong, Gen.Int[1, 10], Gen.Int[0, 2].Select(static i => i * i * 5), Gen.Bool, Gen.Int[1, 120]);

    [Fact]
    public void What_one_document_did_is_accepted() => Worlds.Sample(
        static world =>
        {
            var verdict = HandHistory.Check(Simulate(world));
            Assert.True(verdict.IsAccepted, verdict.ToString());
        },
        output.WriteLine,
        iter: 2000);

    [Fact]
    public void One_wrong_answer_is_refused()
    {
        var spoilt = 0;
        Worlds.Sample(
            world =>
            {
                if (Corruption.Spoil(Simulate(world), new(world.Seed)) is { } history)
                {
                    Interlocked.Increment(ref spoilt);
                    Assert.Equal(VerdictKind.Refused, HandHistory.Check(history).Kind);
                }
            },
            output.WriteLine,
            iter: 2000);
        Assert.True(spoilt > 1000, $"Only {spoilt} histories could be spoilt.");
    }

    /// <summary>Few values and random answers: about half of these are linearizable.</summary>
    [Fact]
    public void It_agrees_with_trying_every_order()
    {
        var (accepted, refused) = (0, 0);
        SmallHistory.Any.Sample(
            history =>
            {
                var expected = BruteForceChecker.IsLinearizable(new DocumentModel(), history);
                var verdict = HandHistory.Check(history);
                Assert.Equal(expected, verdict.IsAccepted);
                Interlocked.Increment(ref expected ? ref accepted : ref refused);
                IsWitness(history, verdict);
                if (!expected && !Array.Exists(history, static operation => operation.IsUnknown))
                {
                    IsShortest(history, verdict.Blocked[0]);
                }
            },
            output.WriteLine,
            iter: 30_000);
        output.WriteLine($"{accepted} accepted, {refused} refused.");
        Assert.True(Math.Min(accepted, refused) > 3000);
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(2, true)]
    [InlineData(0, false)]
    [InlineData(2, false)]
    public void Two_thousand_operations_of_ten_clients_are_judged_in_seconds(int lostPercent, bool tellsVersions)
    {
        var started = Stopwatch.GetTimestamp();
        for (var seed = 1UL; seed <= 5; seed++)
        {
            var history = new SimulatedDocument(seed * 1_000_003, 10, lostPercent, tellsVersions).Run(2000);
            var accepted = HandHistory.Check(history);
            Assert.True(accepted.IsAccepted, accepted.ToString());
            var refused = HandHistory.Check(Corruption.Spoil(history, new(seed))!);
            Assert.Equal(VerdictKind.Refused, refused.Kind);
            output.WriteLine($"{history.Count(static operation => operation.IsUnknown)} unknown; {accepted.Searched} and {refused.Searched} configurations");
        }

        output.WriteLine($"{Stopwatch.GetElapsedTime(started).TotalSeconds:0.0} s for 10 histories");
    }

    private static List<DocumentOperation> Simulate((ulong Seed, int Clients, int Lost, bool Versions, int Operations) world) =>
        new SimulatedDocument(world.Seed, world.Clients, world.Lost, world.Versions).Run(world.Operations);

    /// <summary>The order that it gives is one of the model and of time, and leaves nothing out that was answered before it ends.</summary>
    private static void IsWitness(DocumentOperation[] history, Verdict<DocumentAction, DocumentAnswer> verdict)
    {
        var model = new DocumentModel();
        var state = model.Initial;
        foreach (var operation in verdict.Placed)
        {
            Assert.True(model.TryStep(state, operation, out state));
            var left = history.Where(other => !verdict.Placed.Contains(other, ReferenceEqualityComparer.Instance));
            Assert.DoesNotContain(left, other => other.Returned < operation.Invoked);
        }

        for (var later = 1; later < verdict.Placed.Length; later++)
        {
            Assert.DoesNotContain(verdict.Placed.Take(later), earlier => verdict.Placed[later].Returned < earlier.Invoked);
        }

        Assert.True(!verdict.IsAccepted || history.All(operation => operation.IsUnknown || verdict.Placed.Contains(operation)));
    }

    /// <summary>Up to before the culprit's return it is linearizable; with it, it is not.</summary>
    private static void IsShortest(DocumentOperation[] history, DocumentOperation culprit)
    {
        var until = culprit.Returned;
        Assert.True(BruteForceChecker.IsLinearizable(new DocumentModel(), Cut(history, until, operation => operation.Returned < until)));
        Assert.False(BruteForceChecker.IsLinearizable(new DocumentModel(), Cut(history, until, operation => operation.Returned <= until)));
    }

    private static List<DocumentOperation> Cut(DocumentOperation[] history, long until, Func<DocumentOperation, bool> hasReturned) =>
    [
        .. history.Where(operation => operation.Invoked <= until)
            .Select(operation => hasReturned(operation) ? operation : operation with { Returned = HistoryClock.Never }),
    ];
}
