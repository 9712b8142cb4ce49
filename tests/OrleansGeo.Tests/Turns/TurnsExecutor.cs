using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace OrleansGeo.Tests.Turns;

internal sealed class TurnsExecutor(AssemblyName assembly, ISourceInformationProvider sources, IMessageSink messages) : XunitTestFrameworkExecutor(assembly, sources, messages)
{
    /// <remarks>xunit does not wait for it: whoever runs the tests waits for the message that all have ended.</remarks>
    protected override async void RunTestCases(IEnumerable<IXunitTestCase> testCases, IMessageSink executionMessageSink, ITestFrameworkExecutionOptions executionOptions)
    {
        using var runner = new TurnsRunner(TestAssembly, testCases, DiagnosticMessageSink, executionMessageSink, executionOptions);
        await runner.RunAsync();
    }
}
