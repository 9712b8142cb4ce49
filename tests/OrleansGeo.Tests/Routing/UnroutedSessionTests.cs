using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace OrleansGeo.Tests.Routing;

/// <summary>A process without OrleansGeo. Alone, because what it lacks is the process's.</summary>
[Collection(AloneCollection.Name)]
public sealed class UnroutedSessionTests
{
    [Fact]
    public void A_session_of_which_nothing_would_take_notice_is_refused_when_it_begins()
    {
        CallFlow.IsRouted = false;
        try
        {
            var refusal = Assert.Throws<InvalidOperationException>(static () => GeoSession.Begin());
            Assert.Contains("client.AddOrleansGeo(region, …)", refusal.Message, StringComparison.Ordinal);
            Assert.Null(GeoSession.Current);
        }
        finally
        {
            CallFlow.IsRouted = true;
        }
    }

    /// <summary>The tests of the web API and of sessions themselves have neither a silo nor a client.</summary>
    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255:The 'ModuleInitializer' attribute should not be used in libraries", Justification = "It is a program's: the tests'.")]
    internal static void TakeNotice() => CallFlow.IsRouted = true;
}
