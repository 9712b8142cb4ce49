using Microsoft.Extensions.DependencyInjection;

namespace OrleansGeo.Runtime.States;

/// <summary>What turns states into bytes and back.</summary>
internal static class StateServices
{
    public static IServiceCollection AddStateSerializers(this IServiceCollection services) => services
        .AddSingleton(typeof(StateSerializer<>))
        .AddSingleton<StateJson>()
        .AddSingleton<StateShapes>();
}
