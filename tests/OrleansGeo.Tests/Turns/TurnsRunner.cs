using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansGeo.Tests.Turns;

/// <summary>
/// First what xunit runs in parallel, then what it runs alone (<see cref="AloneCollection"/>), which both take processors; then what waits most of the
/// time (<see cref="MostlyWaitsAttribute"/>). xunit knows only the first two.
/// </summary>
internal sealed class TurnsRunner(
    ITestAssembly assembly, IEnumerable<IXunitTestCase> testCases, IMessageSink diagnostics, IMessageSink execution, ITestFrameworkExecutionOptions options)
    : XunitTestAssemblyRunner(assembly, testCases, diagnostics, execution, options)
{
    /// <summary>Worlds at a time. Each takes a fifth of two processors, and more while it starts.</summary>
    private const int AtATime = 3;

    protected override async Task<RunSummary> RunTestCollectionsAsync(IMessageBus messageBus, CancellationTokenSource cancellationTokenSource)
    {
        var turns = TestCases.ToLookup(MostlyWaits);
        TestCases = turns[false];
        var summary = await base.RunTestCollectionsAsync(messageBus, cancellationTokenSource);

        TestCases = turns[true];
        using var places = new SemaphoreSlim(AtATime);
        var waiting = await Task.WhenAll(OrderTestCollections().Select(collection => Task.Run(() => RunInPlaceAsync(collection.Item1, collection.Item2))));
        foreach (var ended in waiting)
        {
            summary.Aggregate(ended);
        }

        return summary;

        async Task<RunSummary> RunInPlaceAsync(ITestCollection collection, IEnumerable<IXunitTestCase> cases)
        {
            await places.WaitAsync();
            try
            {
                return cancellationTokenSource.IsCancellationRequested ? new() : await RunInTurnAsync(messageBus, collection, cases, cancellationTokenSource);
            }
            finally
            {
                places.Release();
            }
        }
    }

    /// <summary>Not by the base class, which lets as many collections run as there are processors.</summary>
    private Task<RunSummary> RunInTurnAsync(IMessageBus messageBus, ITestCollection collection, IEnumerable<IXunitTestCase> cases, CancellationTokenSource cancellationTokenSource) =>
        new XunitTestCollectionRunner(collection, cases, DiagnosticMessageSink, messageBus, TestCaseOrderer, new ExceptionAggregator(Aggregator), cancellationTokenSource).RunAsync();

    private static bool MostlyWaits(IXunitTestCase testCase) =>
        testCase.TestMethod.TestClass.Class.GetCustomAttributes(typeof(MostlyWaitsAttribute).AssemblyQualifiedName).Any();
}
