using System.Reflection;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("OrleansGeo.Tests.Turns.TurnsFramework", "OrleansGeo.Tests")]

namespace OrleansGeo.Tests.Turns;

/// <summary>xunit's own framework, but for the order: see <see cref="TurnsRunner"/>.</summary>
public sealed class TurnsFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkExecutor CreateExecutor(AssemblyName assemblyName) =>
        new TurnsExecutor(assemblyName, SourceInformationProvider, DiagnosticMessageSink);
}
