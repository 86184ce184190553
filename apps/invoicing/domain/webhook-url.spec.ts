import { mayReach, urlFault } from './webhook-url.js';

describe('address of a webhook', () => {
  it.each([
    'https://hooks.example.com/meterbook',
    'https://hooks.example.com:8443/a?b=c',
    'https://93.184.215.14/',
    'https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/',
    'https://bücher.example/',
  ])('may be %s', (url) => {
    expect(urlFault(url, [])).toBeUndefined();
  });

  it.each([
    // hostile URL                                        rule
    ['hooks.example.com', 'absolute'],
    ['', 'absolute'],
    ['http://hooks.example.com/', 'https'],
    ['ftp://hooks.example.com/', 'https'],
    ['file:///etc/passwd', 'https'],
    ['javascript:alert(1)', 'https'],
    ['https://user@hooks.example.com/', 'user name'],
    ['https://user:secret@hooks.example.com/', 'user name'],
    ['https://hooks.example.com@127.0.0.1/', 'user name'],
    ['https://hooks.example.com:22/', 'port'],
    ['https://hooks.example.com:6379/', 'port'],
    ['https://hooks.example.com:80/', 'port'],
    ['https://127.0.0.1/', 'public'],
    ['https://127.1/', 'public'],
    ['https://127.000.000.001/', 'public'],
    ['https://2130706433/', 'public'],
    ['https://0x7f000001/', 'public'],
    ['https://0x7f.1/', 'public'],
    ['https://017700000001/', 'public'],
    ['https://0/', 'public'],
    ['https://0.0.0.0/', 'public'],
    ['https://10.0.0.1/', 'public'],
    ['https://10.255.255.255/', 'public'],
    ['https://172.16.0.1/', 'public'],
    ['https://172.31.255.255/', 'public'],
    ['https://192.168.1.1/', 'public'],
    ['https://100.64.0.1/', 'public'],
    ['https://100.127.255.254/', 'public'],
    ['https://169.254.169.254/latest/meta-data/', 'public'],
    ['https://169.254.170.2/v2/credentials', 'public'],
    ['https://192.0.0.192/', 'public'],
    ['https://192.0.2.1/', 'public'],
    ['https://198.18.0.1/', 'public'],
    ['https://198.51.100.7/', 'public'],
    ['https://203.0.113.7/', 'public'],
    ['https://224.0.0.1/', 'public'],
    ['https://240.0.0.1/', 'public'],
    ['https://255.255.255.255/', 'public'],
    ['https://[::]/', 'public'],
    ['https://[::1]/', 'public'],
    ['https://[0:0:0:0:0:0:0:1]/', 'public'],
    ['https://[::ffff:127.0.0.1]/', 'public'],
    ['https://[::ffff:7f00:1]/', 'public'],
    ['https://[::ffff:10.0.0.1]/', 'public'],
    ['https://[::ffff:169.254.169.254]/', 'public'],
    ['https://[::127.0.0.1]/', 'public'],
    ['https://[64:ff9b::7f00:1]/', 'public'],
    ['https://[64:ff9b::a9fe:a9fe]/', 'public'],
    ['https://[2002:7f00:1::]/', 'public'],
    ['https://[2001:0:7f00:1::]/', 'public'],
    ['https://[2001:db8::1]/', 'public'],
    ['https://[fc00::1]/', 'public'],
    ['https://[fd00:ec2::254]/', 'public'],
    ['https://[fe80::1]/', 'public'],
    ['https://[ff02::1]/', 'public'],
    ['https://①②⑦.0.0.1/', 'public'],
    ['https://127。0。0。1/', 'public'],
    ['https://127.0.0.1:8443/', 'public'],
    ['https://127.0.0.1.:443/', 'public'],
  ])('may not be %s', (url, rule) => {
    expect(urlFault(url, [])).toContain(rule);
  });

  it.each([
    ['93.184.215.14', true],
    ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
    ['127.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['169.254.169.254', false],
    ['::1', false],
    ['fe80::1%eth0', false],
    ['hooks.example.com', false],
  ])('that a name leads to, %s, may be reached: %s', (address, may) => {
    expect(mayReach(address, [])).toBe(may);
  });

  it('may be in a network that the operator allowed', () => {
    const allowed = ['10.1.2.0/24', 'fd00::/8'];
    expect(urlFault('http://10.1.2.3:8080/hook', allowed)).toBeUndefined();
    expect(urlFault('http://[fd00::5]/', allowed)).toBeUndefined();
    expect(urlFault('http://10.1.3.3/', allowed)).toContain('https');
    expect(mayReach('10.1.2.3', allowed)).toBe(true);
    expect(mayReach('::ffff:10.1.2.3', allowed)).toBe(true);
    expect(mayReach('10.1.3.3', allowed)).toBe(false);
  });
});
