import type { Finding } from '../../shared/frames/frames';
import type { FindingWords } from './findingWords';

type Values = Finding['values'];

/** A value of the evidence; what an older loader does not tell is `?`. */
const of = (values: Values, name: string) => String(values[name] ?? '?');
const number = (values: Values, name: string) => Number(values[name] ?? 0).toLocaleString('zh-CN');

/** The interface as a person knows it, with its namespace unless that is the host's. */
const device = ({ values }: Finding) =>
  of(values, 'device') + (values['namespace'] === undefined ? '' : `（命名空间 ${of(values, 'namespace')}）`);

/** What is below a device, where that is known, and whether it has masks. */
function below({ values, severity }: Finding): string {
  const lower = of(values, 'lower');
  if (lower === '') return '';
  return `其下层为 ${lower}，${severity === 'info' ? '它们有自己的掩码' : '并非都有掩码'}。`;
}

/** The loader's findings in Simplified Chinese; bpf/symptoms_*.c has the English. */
export const findingsChinese: FindingWords = {
  'tracing-stopped': () => ({
    title: '没有在计数：内核已停止所有跟踪',
    evidence: 'kernel.ftrace_enabled 为 0。',
    explanation:
      '它为 0 时，内核不运行附加在函数上的任何程序，也不告诉任何人。在此期间作出的决策不会出现在任何计数中。',
    remedy: '重新允许跟踪。',
  }),
  'rps-off': (finding) => {
    const { values } = finding;
    const spread = values['spread'] === 1;
    const busy =
      values['busiest'] === undefined
        ? ''
        : `${of(values, 'cpus')} 个 CPU 中，CPU ${of(values, 'busiest')} 处理了每秒 ${number(values, 'packets')} 个数据包的 ${of(values, 'percent')}%。`;
    return {
      title: '所有接口都未启用 RPS',
      evidence: `${of(values, 'devices')} 个接口的 ${of(values, 'queues')} 个接收队列：没有起作用的 rps_cpus 掩码，也没有使用 RFS 流表。${busy}${spread ? '每个物理接口都为每个 CPU 提供了一个接收队列。' : ''}`,
      explanation: `${
        spread
          ? '硬件自己会分散数据包（RSS），RPS 没有多少可以补充的。'
          : '数据包在处理中断的 CPU 上，或在发送它们的 CPU 上处理。'
      }未启用 RPS 时内核不会调用 get_rps_cpu()，因此没有内容可看。`,
      remedy: spread ? '无需处理，但可以尝试。' : '为最繁忙的接口设置掩码。',
    };
  },
  'queue-off': (finding) => {
    const { values } = finding;
    const some = Number(values['off']) < Number(values['queues']);
    const stays =
      Number(values['unsteered'] ?? 0) >= 1
        ? `；每秒 ${number(values, 'unsteered')} 个数据包留在到达的 CPU 上`
        : '';
    return {
      title: `${device(finding)} ${some ? '的部分队列' : ''}未启用 RPS`,
      evidence: `${of(values, 'queues')} 个接收队列中的队列 ${of(values, 'without')} 既没有 rps_cpus 掩码也没有流表${stays}。`,
      explanation: '每个接收队列都有自己的掩码。到达没有掩码的队列的数据包，由处理其中断的 CPU 处理。',
      remedy: '为所有队列设置掩码。',
    };
  },
  'mask-no-effect': (finding) => {
    const { values } = finding;
    const lower = of(values, 'lower');
    return {
      title: `${device(finding)} 的掩码几乎不起作用`,
      evidence: `${of(values, 'device')} 的类型是 ${of(values, 'kind')}，其 rps_cpus 指定了 CPU ${of(values, 'cpus')}。${below(finding)}`,
      explanation:
        '数据包到达最底层的设备时才会被转交。向上传给其上层设备时，内核不会再次询问。只有本机设备之间互发的数据包，以及广播和组播的副本，内核才会在此处询问。',
      remedy: `请在${lower === '' ? '下层设备' : ` ${lower} `}上设置掩码；除非此处的掩码正是为上述数据包而设，否则请清除。`,
    };
  },
  'queue-missing': (finding) => {
    const { values } = finding;
    const lower = of(values, 'lower');
    return {
      title: `${device(finding)} 的掩码漏掉了数据包：其接收队列太少`,
      evidence: `每秒 ${number(values, 'packets')} 个数据包带着接收队列编号 ${of(values, 'missing')} 到来；${of(values, 'device')} 只有 ${of(values, 'queues')} 个队列，从 0 开始编号。${below(finding)}`,
      explanation:
        '网桥或 veth 对转发数据包时，数据包保留其最初到达或发送时的队列编号。如果下一个设备没有该编号的队列，无论掩码如何，内核都不会转交该数据包。',
      remedy:
        lower === ''
          ? '请为它设置更多接收队列（ethtool --set-channels），并为这些队列设置掩码。'
          : `请在数据包最初到达的 ${lower} 上设置掩码。`,
    };
  },
  'mask-one-cpu': (finding) => ({
    title: `${device(finding)} 的掩码只有一个 CPU`,
    evidence: `所有到达的数据包都交给 CPU ${of(finding.values, 'cpus')}，而在线的 CPU 有 ${of(finding.values, 'online')} 个。`,
    explanation: '一个 CPU 无法分散任何负载：数据包只是换了地方，代价是 CPU 之间的一次中断。',
    remedy: '请指定多个 CPU。',
  }),
  'mask-offline': (finding) => ({
    title: `${device(finding)} 的掩码包含离线的 CPU`,
    evidence: `掩码 ${of(finding.values, 'mask')} 中的 CPU ${of(finding.values, 'cpus')} 已离线。`,
    explanation: '本应交给它们的那部分数据包不会被转交，而是留在到达的 CPU 上。',
    remedy: '让这些 CPU 重新上线，或将其排除。',
  }),
  'mask-isolated': (finding) => ({
    title: `${device(finding)} 的掩码包含被隔离的 CPU`,
    evidence: `掩码 ${of(finding.values, 'mask')} 中的 CPU ${of(finding.values, 'cpus')} 已被隔离。`,
    explanation:
      '被隔离的 CPU 专供某个程序使用，转交来的数据包会干扰它。由 cpuset 分区隔离的 CPU，内核会在掩码中保留；自 Linux 5.10 起，内核会去掉由 isolcpus= 和 nohz_full= 划出的 CPU。',
    remedy: '将其排除。',
  }),
  'mask-crosses-nodes': (finding) => {
    const { values } = finding;
    const where =
      values['far'] === undefined
        ? `其掩码为 ${of(values, 'cpus')}；数据包到达节点 ${of(values, 'home')}。`
        : `接口位于节点 ${of(values, 'node')}，而掩码中的 CPU ${of(values, 'far')} 在其他节点。`;
    const much =
      values['percent'] === undefined
        ? ''
        : `每秒 ${number(values, 'packets')} 个数据包中有 ${of(values, 'percent')}% 被转交到另一个节点。`;
    return {
      title: `${device(finding)} 的掩码跨越 NUMA 节点`,
      evidence: where + much,
      explanation: '数据包位于其到达节点的内存中。在另一个节点上，每次访问它都要经过节点间的链路。',
      remedy: '如果一个节点的 CPU 足够，请只用该节点。',
    };
  },
  'mask-has-irq-cpu': (finding) => {
    const { values, cpu = '?', queue = '?' } = finding;
    const irq = values['irq'] === undefined ? '' : `；它处理中断 ${of(values, 'irq')}`;
    return {
      title: `CPU ${cpu} 接收 ${device(finding)} 队列 ${queue} 的全部数据包，已经饱和，却仍在其掩码中`,
      evidence: `CPU ${cpu} 有 ${of(values, 'busy')}% 的时间在忙，其中软中断占全部时间的 ${of(values, 'softirq')}%${irq}。掩码为 ${of(values, 'mask')}。`,
      explanation: '掩码留在接收数据包的 CPU 上的处理工作，会与接收本身争抢时间。',
      remedy: '将该 CPU 排除。',
    };
  },
  'dominant-flow': (finding) => {
    const { values, cpu = '?', queue = '?' } = finding;
    const even = Math.round(100 / Number(values['cpus'] ?? 1));
    return {
      title: `CPU ${cpu} 得到 ${device(finding)} 队列 ${queue} 的几乎全部数据包：一个或少数几个流占了大多数`,
      evidence: `每秒 ${number(values, 'packets')} 个数据包中有 ${of(values, 'percent')}% 交给 CPU ${cpu}。流很多时，掩码中的 ${of(values, 'cpus')} 个 CPU 各得约 ${even}%。`,
      explanation:
        '掩码分散的是流而不是数据包：由数据包地址和端口的哈希值选择 CPU，使同一个流保持顺序。一个大流无法被分散。',
      remedy:
        '将流量分散到更多的流（连接、端口）。对于隧道，请确保外层端口或流标签会变化。要减轻小流受到的影响，可启用流限制：net.core.flow_limit_cpu_bitmap。',
    };
  },
  'backlog-drops': (finding) => {
    const { values, cpu = '?' } = finding;
    const through =
      values['through'] === undefined
        ? ''
        : `，多数经由 ${of(values, 'through')} 队列 ${of(values, 'queue')}`;
    const sender =
      values['from'] === undefined
        ? ''
        : `每秒发往该处的 ${number(values, 'packets')} 个数据包中，${of(values, 'percent')}% 来自 CPU ${of(values, 'from')}${through}。`;
    const backlog = Number(values['backlog'] ?? -1);
    const holds =
      backlog < 0 ? '' : `积压队列可容纳 ${number(values, 'backlog')} 个数据包（netdev_max_backlog）。`;
    return {
      title: `CPU ${cpu} 丢弃数据包：其积压队列已满`,
      evidence: `每秒有 ${number(values, 'drops')} 个数据包在发往 CPU ${cpu} 的途中被丢弃。${sender}${holds}`,
      explanation:
        '发给某个 CPU 的数据包在其积压队列中等待。到达的数据包多于它能处理的数量时，队列会被填满，之后到达的就会丢失。',
      remedy: `在发送方的掩码中加入更多 CPU，使每个 CPU 分到的更少。${backlog < 0 ? '' : '如果只是突发，加长队列会有帮助。'}`,
    };
  },
  'flow-table-small': (finding) => {
    const { values, ifindex } = finding;
    const host = ifindex === undefined;
    return {
      title: host ? 'RFS 流表太小' : `${device(finding)} 的 RFS 流表太小`,
      evidence: `${host ? 'rps_sock_flow_entries ' : '其流表（所有队列的 rps_flow_cnt）'}有 ${number(values, 'entries')} 个条目；正在使用的套接字有 ${number(values, 'flows')} 个。`,
      explanation: 'RFS 为每个流记住其程序在哪里运行。共用条目的流会互相覆盖，数据包就会去到程序不在的 CPU。',
      remedy: host
        ? '使其大于流的数量，并相应增大每个队列的 rps_flow_cnt。'
        : `将其每个队列的 rps_flow_cnt 至少设为 ${of(values, 'enough')}。`,
    };
  },
  'rfs-incomplete': ({ values, ifindex }) => {
    const host = ifindex === undefined;
    const entries = number(values, 'entries');
    return {
      title: 'RFS 只设置了一半，不起作用',
      evidence: host
        ? `rps_sock_flow_entries 为 ${entries}，但会转交数据包的各队列的 rps_flow_cnt 都为 0。`
        : `${of(values, 'device')} 的流表有 ${entries} 个条目（rps_flow_cnt），但 rps_sock_flow_entries 为 0。`,
      explanation: 'RFS 需要两者：主机的表说明程序在哪里运行，队列的表说明其数据包上次去了哪里。',
      remedy: host
        ? '设置各队列的 rps_flow_cnt，或将 rps_sock_flow_entries 恢复为 0。'
        : '设置 net.core.rps_sock_flow_entries，或将 rps_flow_cnt 恢复为 0。',
    };
  },
  'rps-redundant': (finding) => ({
    title: `RPS 重复了 ${device(finding)} 的硬件已做的工作`,
    evidence: `${of(finding.values, 'queues')} 个接收队列把数据包带到 CPU ${of(finding.values, 'mask')}，其掩码指定的就是这些 CPU。`,
    explanation:
      'RPS 看到数据包时，RSS 已经将其分散。再分散一次要付出 CPU 之间的中断，收效甚微，除非只有少数流共用一个队列。',
    remedy: '清除掩码。',
  }),
  'xdp-bypass': (finding) => ({
    title: `XDP 程序使 ${device(finding)} 的数据包绕过 RPS`,
    evidence: `每秒到达 ${number(finding.values, 'packets')} 个数据包，RPS 只对其中 ${number(finding.values, 'decided')} 个作出决策。接口上附加了 XDP 程序。`,
    explanation:
      'XDP 程序以及其后的 AF_XDP 套接字先于内核网络栈看到数据包。它们丢弃、重定向或发回的数据包不会到达 RPS。',
    remedy: '如果这并非本意，请查看附加了什么。要分散这类数据包，该程序可以通过 CPUMAP 自行把它们交给 CPU。',
  }),
};
